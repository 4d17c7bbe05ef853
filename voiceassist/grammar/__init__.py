"""Commands as text: read command files, build the automaton of their sentences, understand words."""

import sys
from importlib.util import find_spec, module_from_spec


def _import_only_what_is_asked_of_hassil() -> None:
    """Put off hassil's own ``__init__``, which imports its recogniser: 3 MB and a tenth of the start, unused here.

    Whoever wants something of the package itself, and not of a module in it, gets it nevertheless.
    """
    spec = find_spec("hassil")
    if "hassil" in sys.modules or spec is None or spec.loader is None:
        return
    package, loader = module_from_spec(spec), spec.loader

    def complete(name: str) -> object:
        if name.startswith("__") or "__getattr__" not in vars(package):
            raise AttributeError(f"module 'hassil' has no attribute {name!r}")
        del vars(package)["__getattr__"]
        loader.exec_module(package)
        return getattr(package, name)

    vars(package)["__getattr__"] = complete
    sys.modules["hassil"] = package


_import_only_what_is_asked_of_hassil()
