"""Write the judge's joint layers as an ONNX graph with int8 weights."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20
HEADS = 12
EPSILON = 1e-12

Arrays = Mapping[str, npt.NDArray[np.float32]]


class _Graph:
    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: npt.NDArray[np.generic]) -> str:
        self.constants.append(
            numpy_helper.from_array(value if value.ndim == 0 else np.ascontiguousarray(value), name)
        )
        return name

    def add(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def dense(self, source: str, weights: Arrays, name: str) -> str:
        weight = self.constant(f"{name}.weight", weights[f"{name}.w"].T.astype(np.float32))
        bias = self.constant(f"{name}.bias", weights[f"{name}.b"].astype(np.float32))
        return self.add("Add", [self.add("MatMul", [source, weight], f"{name}.product"), bias], f"{name}.out")

    def norm(self, source: str, weights: Arrays, name: str) -> str:
        scale = self.constant(f"{name}.scale", weights[f"{name}.w"].astype(np.float32))
        bias = self.constant(f"{name}.bias", weights[f"{name}.b"].astype(np.float32))
        return self.add("LayerNormalization", [source, scale, bias], f"{name}.out", axis=-1, epsilon=EPSILON)


def joint_graph(weights: Arrays, layers: range) -> bytes:
    """Build the graph: states (p, t, 384), of_left and of_right (p, t) -> logits (p, 4).

    Args:
        weights: float32 arrays `lN.PART.w` (outputs, inputs) and `.b` of the layers, `side` (2, 384), and the
            head's `head.0.w`, `head.0.b`, `head.1.w`, `head.1.b`.
        layers: numbers of the joint layers.
    """
    graph = _Graph()
    side = weights["side"].astype(np.float32)
    width = side.shape[1]
    last = graph.constant("last_axis", np.array([2], np.int64))
    left = graph.add("Unsqueeze", ["of_left", last], "left.3")
    right = graph.add("Unsqueeze", ["of_right", last], "right.3")
    marked = graph.add("Mul", [left, graph.constant("side.left", side[0])], "marked.left")
    other = graph.add("Mul", [right, graph.constant("side.right", side[1])], "marked.right")
    state = graph.add("Add", ["states", graph.add("Add", [marked, other], "marked")], "state.0")
    present = graph.add("Add", ["of_left", "of_right"], "present")
    absent = graph.add("Sub", [graph.constant("one", np.array(1, np.float32)), present], "absent")
    far = graph.add("Mul", [absent, graph.constant("far", np.array(-1e4, np.float32))], "far.2")
    bias = graph.add("Unsqueeze", [far, graph.constant("head_axes", np.array([1, 2], np.int64))], "far.4")
    split = graph.constant("split", np.array([0, 0, HEADS, width // HEADS], np.int64))
    joined = graph.constant("joined", np.array([0, 0, width], np.int64))
    scale = graph.constant("scale", np.array((width // HEADS) ** -0.5, np.float32))
    for layer in layers:
        at = f"l{layer}"
        heads = {}
        for part in "qkv":
            shaped = graph.add(
                "Reshape", [graph.dense(state, weights, f"{at}.{part}"), split], f"{at}.{part}.4"
            )
            order = [0, 2, 3, 1] if part == "k" else [0, 2, 1, 3]
            heads[part] = graph.add("Transpose", [shaped], f"{at}.{part}.heads", perm=order)
        products = graph.add("MatMul", [heads["q"], heads["k"]], f"{at}.products")
        scaled = graph.add("Add", [graph.add("Mul", [products, scale], f"{at}.scaled"), bias], f"{at}.masked")
        weighed = graph.add("Softmax", [scaled], f"{at}.attention", axis=-1)
        mixed = graph.add("MatMul", [weighed, heads["v"]], f"{at}.mixed")
        flat = graph.add("Transpose", [mixed], f"{at}.flat", perm=[0, 2, 1, 3])
        attended = graph.dense(graph.add("Reshape", [flat, joined], f"{at}.joined"), weights, f"{at}.ao")
        state = graph.norm(graph.add("Add", [state, attended], f"{at}.sum"), weights, f"{at}.aln")
        inner = graph.add("Gelu", [graph.dense(state, weights, f"{at}.fi")], f"{at}.gelu")
        outer = graph.dense(inner, weights, f"{at}.fo")
        state = graph.norm(graph.add("Add", [state, outer], f"{at}.sum2"), weights, f"{at}.oln")
    token = graph.constant("token_axis", np.array([1], np.int64))
    means = []
    for name, mask in (("left", left), ("right", right)):
        total = graph.add(
            "ReduceSum", [graph.add("Mul", [state, mask], f"{name}.own"), token], f"{name}.total", keepdims=0
        )
        count = graph.add("ReduceSum", [mask, token], f"{name}.count", keepdims=0)
        means.append(graph.add("Div", [total, count], f"{name}.mean"))
    zero = graph.constant("zero", np.array(0, np.int64))
    first = graph.add("Gather", [state, zero], "first", axis=1)
    seen = graph.add("Concat", [first, *means], "seen", axis=1)
    hidden = graph.add("Gelu", [graph.dense(seen, weights, "head.0")], "head.gelu")
    graph.nodes.append(helper.make_node("Identity", [graph.dense(hidden, weights, "head.1")], ["logits"]))
    shape = [helper.make_tensor_value_info("states", TensorProto.FLOAT, ["p", "t", width])]
    shape += [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["p", "t"]) for name in ("of_left", "of_right")
    ]
    made = helper.make_graph(
        graph.nodes,
        "joint",
        shape,
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["p", 4])],
        graph.constants,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def quantised(graph: bytes) -> bytes:
    """Give the graph with int8 weights, one scale a column; activations are quantised as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        whole, small = Path(folder) / "whole.onnx", Path(folder) / "small.onnx"
        whole.write_bytes(graph)
        quantize_dynamic(
            whole,
            small,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul"],
            extra_options={"DefaultTensorType": TensorProto.FLOAT, "MatMulConstBOnly": True},
        )
        return small.read_bytes()
