"""A model that never comes to an end is ended; the next run is another one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from voiceassist.asr.watchdog import RunWatchdog


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph that counts to a number that it is given."""
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["go_on"]), helper.make_node("Add", ["sum", "one"], ["more"])],
        "body",
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("sum", TensorProto.INT64, []),
        ],
        [
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("more", TensorProto.INT64, []),
        ],
    )
    graph = helper.make_graph(
        [helper.make_node("Loop", ["turns", "yes", "zero"], ["sum_out"], body=body)],
        "graph",
        [helper.make_tensor_value_info("turns", TensorProto.INT64, [])],
        [helper.make_tensor_value_info("sum_out", TensorProto.INT64, [])],
        [
            helper.make_tensor("yes", TensorProto.BOOL, [], [True]),
            helper.make_tensor("zero", TensorProto.INT64, [], [0]),
            helper.make_tensor("one", TensorProto.INT64, [], [1]),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    path = tmp_path_factory.mktemp("endless") / "model.onnx"
    onnx.save(model, path)
    return path


def test_a_run_that_takes_too_long_is_ended_and_the_next_one_works(endless: Path):
    session = onnxruntime.InferenceSession(str(endless), providers=["CPUExecutionProvider"])
    watchdog = RunWatchdog()
    with watchdog.limited(0.3) as options, pytest.raises(Exception, match=r"(?i)terminate"):
        session.run(None, {"turns": np.array(1 << 60)}, options)
    with watchdog.limited(30) as options:
        assert session.run(None, {"turns": np.array(5)}, options) == [5]
    watchdog.close()
    watchdog.close()
