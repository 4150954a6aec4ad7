"""Turns the bundled model's packed file into what engines read: tokenizer, CTranslate2, safetensors."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from xsource.embed.packed_model import ModelShape, PackedModel, PackedTokenizer
from xsource.embed.wire_format import bytes_field, find_bytes_field, float_field, integer_field

TOKENIZER_FILE = "tokenizer.json"
PIECES_FILE = "pieces.model"
WORD_MARK = "▁"
MASK_PIECE = "<mask>"
_NORMAL_PIECE, _UNKNOWN_PIECE, _CONTROL_PIECE = 1, 2, 3

# The packed file's names of a layer's parts, and BERT's.
_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def write_tokenizer(parts: PackedTokenizer, folder: Path) -> None:
    """Write `tokenizer.json` for the `tokenizers` library."""
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(list(parts.pieces), unk_id=parts.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(_compile_character_map(parts)), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Metaspace(replacement=WORD_MARK, prepend_scheme="always"),
        ]
    )
    begin, end = parts.pieces[parts.begin][0], parts.pieces[parts.end][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, parts.begin), (end, parts.end)],
    )
    special = [parts.pieces[i][0] for i in (parts.begin, parts.padding, parts.end, parts.unknown)]
    tokenizer.add_special_tokens([AddedToken(piece, special=True, normalized=False) for piece in special])
    tokenizer.add_special_tokens([AddedToken(MASK_PIECE, special=True, normalized=False, lstrip=True)])
    tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)


def _compile_character_map(parts: PackedTokenizer) -> bytes:
    """Compile the file's own character map: sentencepiece's follows its Unicode version."""
    from sentencepiece import SentencePieceNormalizer, set_min_log_level

    set_min_log_level(2)  # it reports each step on stderr otherwise
    lines = [
        f"{ord(source):X}\t{' '.join(f'{ord(char):X}' for char in target)}"
        for source, target in sorted(parts.character_map.items())
    ]
    with tempfile.TemporaryDirectory() as scratch:
        rules = Path(scratch) / "characters.tsv"
        rules.write_text("\n".join(lines) + "\n", "utf-8")
        model = SentencePieceNormalizer(rule_tsv=str(rules)).serialized_model_proto()
    # Field 3 of the model is its normalizer, field 2 of that the compiled map.
    return find_bytes_field(find_bytes_field(model, 3), 2)


def write_pieces(parts: PackedTokenizer, folder: Path) -> None:
    """Write `pieces.model` for the `sentencepiece` library.

    Against `tokenizer.json` it loads in half of the time and cuts texts 9 times as fast. Both cut the same, up
    to ties between equally likely cuts (3 of 7,147 texts). A text that spells out `<s>` stays a text.
    """
    kinds = dict.fromkeys((parts.begin, parts.end, parts.padding, len(parts.pieces) - 1), _CONTROL_PIECE)
    kinds[parts.unknown] = _UNKNOWN_PIECE
    pieces = b"".join(
        bytes_field(
            1,
            bytes_field(1, text.encode("utf-8"))
            + float_field(2, log_probability)
            + integer_field(3, kinds.get(id_, _NORMAL_PIECE)),
        )
        for id_, (text, log_probability) in enumerate(parts.pieces)
    )
    trainer = (
        integer_field(3, 1)  # a unigram model
        + integer_field(4, len(parts.pieces))
        + integer_field(40, parts.unknown)
        + integer_field(41, parts.begin)
        + integer_field(42, parts.end)
        + integer_field(43, parts.padding)
    )
    normalizer = (
        bytes_field(1, b"own")
        + bytes_field(2, _compile_character_map(parts))
        + integer_field(3, 1)  # a space before the first word,
        + integer_field(4, 1)  # none twice,
        + integer_field(5, 1)  # and all written as the word mark
    )
    (folder / PIECES_FILE).write_bytes(pieces + bytes_field(2, trainer) + bytes_field(3, normalizer))


def write_sentence_transformers_files(model: PackedModel, prefix: str, folder: Path) -> None:
    """Write the model as a sentence-transformers folder: float32, mean pooling, unit length, our prefix."""
    from safetensors.numpy import save_file

    shape = model.shape
    save_file(_bert_tensors(model), folder / "model.safetensors", metadata={"format": "pt"})
    write_tokenizer(model.tokenizer, folder)
    special = _special_pieces(model.tokenizer)
    (folder / "1_Pooling").mkdir()
    documents: dict[str, Any] = {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": shape.hidden,
            "intermediate_size": shape.inner,
            "layer_norm_eps": shape.norm_epsilon,
            "max_position_embeddings": shape.positions,
            "num_attention_heads": shape.heads,
            "num_hidden_layers": shape.layers,
            "pad_token_id": model.tokenizer.padding,
            "position_embedding_type": "absolute",
            "type_vocab_size": shape.token_types,
            "vocab_size": shape.vocabulary,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "clean_up_tokenization_spaces": False,
            **special,
        },
        "special_tokens_map.json": special,
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"default": prefix} if prefix else {},
            "default_prompt_name": "default" if prefix else None,
            "similarity_fn_name": "cosine",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_cls_token": False,
            "pooling_mode_max_tokens": False,
        },
    }
    for name, document in documents.items():
        (folder / name).write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", "utf-8")


def _special_pieces(tokenizer: PackedTokenizer) -> dict[str, str]:
    begin, end, padding, unknown = (
        tokenizer.pieces[i][0] for i in (tokenizer.begin, tokenizer.end, tokenizer.padding, tokenizer.unknown)
    )
    return {
        "bos_token": begin, "cls_token": begin, "eos_token": end, "sep_token": end,
        "pad_token": padding, "unk_token": unknown, "mask_token": MASK_PIECE,
    }  # fmt: skip


def _bert_tensors(model: PackedModel) -> dict[str, npt.NDArray[np.float32]]:
    shape = model.shape
    tensors = {}
    for name, tensor in model.tensors.items():
        if name in _EMBEDDING_NAMES:
            tensors[_EMBEDDING_NAMES[name]] = (
                tensor if name.startswith("emb.ln.") else tensor.reshape(-1, shape.hidden)
            )
            continue
        layer, part, side = name.split(".")
        bert = f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}.{'weight' if side == 'w' else 'bias'}"
        is_matrix = side == "w" and part not in {"aln", "oln"}
        tensors[bert] = _matrix(tensor, part, shape) if is_matrix else tensor
    # Sentence vectors are means of token states; BERT's own pooler is not used, but its absence is a warning.
    tensors["pooler.dense.weight"] = np.zeros((shape.hidden, shape.hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(shape.hidden, np.float32)
    return tensors


def _matrix(tensor: npt.NDArray[np.float32], part: str, shape: ModelShape) -> npt.NDArray[np.float32]:
    """Shape a layer's weights as (outputs, inputs)."""
    return tensor.reshape(-1, shape.inner if part == "fo" else shape.hidden)


def write_ctranslate2_files(model: PackedModel, folder: Path) -> None:
    """Write the model for `ctranslate2.Encoder`, weights in int8 (one scale a row), with its tokenizer.

    Every text is of token type 0, so that row is added to the position rows: one look-up less for each token.
    """
    from ctranslate2.specs import common_spec, transformer_spec

    shape = model.shape
    encoder = transformer_spec.TransformerEncoderSpec(
        shape.layers,
        shape.heads,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
    )
    spec = transformer_spec.TransformerEncoderModelSpec(encoder)
    spec.config.layer_norm_epsilon = shape.norm_epsilon
    encoder.scale_embeddings = False
    # CTranslate2 quantises in place; the caller's model must stay as it is.
    tensors = {name: tensor.copy() for name, tensor in model.tensors.items()}
    encoder.embeddings[0].weight = tensors["emb.word"].reshape(-1, shape.hidden)
    encoder.position_encodings.encodings = (
        tensors["emb.pos"].reshape(-1, shape.hidden) + tensors["emb.type"][: shape.hidden]
    )
    _set_norm(encoder.layernorm_embedding, model, "emb.ln")
    for number, layer in enumerate(encoder.layer):
        at = f"l{number}"
        attention = layer.self_attention
        attention.linear[0].weight = np.concatenate(
            [_matrix(tensors[f"{at}.{part}.w"], part, shape) for part in "qkv"]
        )
        attention.linear[0].bias = np.concatenate([tensors[f"{at}.{part}.b"] for part in "qkv"])
        for linear, part in (
            (attention.linear[1], "ao"),
            (layer.ffn.linear_0, "fi"),
            (layer.ffn.linear_1, "fo"),
        ):
            linear.weight = _matrix(tensors[f"{at}.{part}.w"], part, shape)
            linear.bias = tensors[f"{at}.{part}.b"]
        _set_norm(attention.layer_norm, model, f"{at}.aln")
        _set_norm(layer.ffn.layer_norm, model, f"{at}.oln")
    pieces = [piece for piece, _ in model.tokenizer.pieces]
    spec.register_vocabulary(pieces + [f"<extra_{i}>" for i in range(shape.vocabulary - len(pieces))])
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))
    write_pieces(model.tokenizer, folder)


def _set_norm(layer_norm: Any, model: PackedModel, name: str) -> None:
    layer_norm.gamma = model.tensors[f"{name}.w"]
    layer_norm.beta = model.tensors[f"{name}.b"]
