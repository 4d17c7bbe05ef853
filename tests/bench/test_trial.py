"""A pack is tried in a process of its own: what hangs, fills memory, crashes or understands nothing is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from onnx import NodeProto, TensorProto, helper
from packfactory import make_pack

from voiceassist.bench.trial import try_pack
from voiceassist.errors import PackError
from voiceassist.packs.pack import Pack, open_pack
from voiceassist.packs.writer import WordFiles, write_pack_folder

ROOT = Path(__file__).parent.parent.parent
SHIPPED = ROOT / "models" / "shared-int8"
SAMPLES = ROOT / "assets" / "samples"
COMMANDS = sorted((ROOT / "assets" / "commands").glob("*.yaml"))
FOREVER = 1 << 60


def constant(name: str, values: list[int]) -> NodeProto:
    tensor = helper.make_tensor(name, TensorProto.INT64, [len(values)], values)
    return helper.make_node("Constant", [], [name], value=tensor)


def scalar(name: str, kind: int, value: int) -> NodeProto:
    return helper.make_node("Constant", [], [name], value=helper.make_tensor(name, kind, [], [value]))


def endless_loop() -> list[NodeProto]:
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["go_on"]), helper.make_node("Identity", ["x"], ["y"])],
        "body",
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("x", TensorProto.INT64, [3]),
        ],
        [
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("y", TensorProto.INT64, [3]),
        ],
    )
    loop = helper.make_node("Loop", ["forever", "yes", "shape"], ["shape_after"], body=body)
    return [scalar("forever", TensorProto.INT64, FOREVER), scalar("yes", TensorProto.BOOL, 1), loop]


def much_memory() -> list[NodeProto]:
    return [
        constant("huge", [1 << 30]),
        helper.make_node("ConstantOfShape", ["huge"], ["filled"]),
        helper.make_node("ReduceSum", ["filled"], ["total"], keepdims=0),
        helper.make_node("Cast", ["total"], ["zero"], to=TensorProto.INT64),
        helper.make_node("Add", ["shape", "zero"], ["shape_after"]),
    ]


def nothing() -> list[NodeProto]:
    return [helper.make_node("Identity", ["shape"], ["shape_after"])]


def hostile_pack(folder: Path, between: Callable[[], list[NodeProto]], rows: int = 1) -> Pack:
    """A pack with the inputs and outputs of one, which always says the same."""
    good = open_pack(SHIPPED)
    nodes: list[NodeProto] = [constant("shape", [rows, 25, 1]), *between()]
    for name, classes in (("log_probs", good.manifest.tokens), ("phones", len(good.manifest.phones))):
        nodes += [
            helper.make_node("ConstantOfShape", ["shape_after"], [f"{name}_one"]),
            constant(f"{name}_classes", [1, 1, classes]),
            helper.make_node("Expand", [f"{name}_one", f"{name}_classes"], [f"{name}_all"]),
            helper.make_node("LogSoftmax", [f"{name}_all"], [f"{name}_soft"], axis=-1),
            helper.make_node("Reshape", [f"{name}_soft", f"{name}_shape"], [name]),
            constant(f"{name}_shape", [rows, 25, classes]),
        ]
        nodes[-1], nodes[-2] = nodes[-2], nodes[-1]
    graph = helper.make_graph(
        nodes,
        "hostile",
        [
            helper.make_tensor_value_info("waveform", TensorProto.FLOAT, ["batch", "samples"]),
            helper.make_tensor_value_info("turns", TensorProto.INT64, []),
        ],
        [
            helper.make_tensor_value_info("log_probs", TensorProto.FLOAT, [rows, 25, good.manifest.tokens]),
            helper.make_tensor_value_info("phones", TensorProto.FLOAT, [rows, 25, len(good.manifest.phones)]),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9).SerializeToString()
    words = WordFiles(good.tokens_file, good.pronunciations_file)
    return write_pack_folder(folder, good.manifest, words, lambda path: path.write_bytes(model) and None)


def test_a_shipped_pack_passes():
    try_pack(open_pack(SHIPPED), COMMANDS, SAMPLES)


@pytest.mark.parametrize(
    ("between", "rows", "words"),
    [
        (endless_loop, 1, "did not come to an end|failed"),
        (much_memory, 1, "memory|failed|cannot be loaded"),
        (nothing, 2, "other rows"),
        (nothing, 1, "gives 22 frames"),  # 25, of which three are the silence before the sound
    ],
    ids=["endless", "memory", "rows", "frames"],
)
def test_a_hostile_pack_is_refused(tmp_path: Path, between: Callable[[], list[NodeProto]], rows: int, words: str):
    pack = hostile_pack(tmp_path / "shared-int8", between, rows)
    with pytest.raises(PackError, match=words) as caught:
        try_pack(pack, COMMANDS, SAMPLES, timeout_s=25, max_data_bytes=600 << 20)
    assert "nothing was changed" in caught.value.hint


def test_a_pack_that_understands_nothing_is_refused(tmp_path: Path):
    pack = open_pack(make_pack(tmp_path / "tiny", quantize=True))
    with pytest.raises(PackError, match=r"understands \d of 5|cannot hear|takes "):
        try_pack(pack, COMMANDS, SAMPLES)


def test_a_pack_that_takes_everything_for_a_command_is_refused(tmp_path: Path):
    folder = shutil.copytree(SHIPPED, tmp_path / "shared-int8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["calibration"].update(intercept=1000.0)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(PackError, match="takes 'the weather was cold"):
        try_pack(open_pack(folder), COMMANDS, SAMPLES)
