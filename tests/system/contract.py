"""The contract as python3-protobuf sees it: compiled by protoc for this run, independent of ours."""

import atexit
import importlib
import pathlib
import shutil
import subprocess
import sys
import tempfile

REPO = pathlib.Path(__file__).resolve().parents[2]
PROTO = REPO / "proto"


def _compile():
    folder = tempfile.mkdtemp(prefix="tiejun-proto.")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    files = sorted(str(path.relative_to(PROTO)) for path in PROTO.glob("tiejun/v1/*.proto"))
    subprocess.run(["protoc", f"-I{PROTO}", f"--python_out={folder}", *files], check=True)
    sys.path.insert(0, folder)
    return [importlib.import_module(name.replace("/", ".").replace(".proto", "_pb2"))
            for name in files]


_modules = _compile()

# Every message and enum by its own name: types.GoalServiceSetRequest.
types = type("types", (), {
    name: value for module in _modules for name, value in vars(module).items()
    if not name.startswith("_")})

# Full name of every method: its descriptor.
methods = {
    f"{service.full_name}.{method.name}": method
    for module in _modules
    for service in module.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}

frame = importlib.import_module("tiejun.v1.frame_pb2")


def full_name(method):
    """"GoalService.Set" as "tiejun.v1.GoalService.Set"."""
    return method if method.startswith("tiejun.") else f"tiejun.v1.{method}"


def request_class(method):
    return getattr(types, methods[full_name(method)].input_type.name)


def response_class(method):
    return getattr(types, methods[full_name(method)].output_type.name)
