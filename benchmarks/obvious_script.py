#!/usr/bin/env python3
"""What one would write without xsource: sentences by punctuation, argostranslate, encode, FAISS.

    python benchmarks/obvious_script.py articles.jsonl OUT_FOLDER MODEL_FOLDER

The other side of the whole build. It reads the same articles, translates what is Russian with the same
package, embeds every sentence with the same weights in float32, and writes a FAISS index with the sentences
and translations beside it: what a first search needs. Each library is called as its own documentation shows
it. It does less than a build: no claims, no cleaning, no language detection, no check of a translation,
nothing that survives a kill.
"""

import json
import re
import sys
from pathlib import Path

import faiss
from argostranslate import sbd, translate
from sentence_transformers import SentenceTransformer


class OneSentence(sbd.ISentenceBoundaryDetectionModel):
    """Stands for argostranslate's own splitter, which would download a model: it is given single sentences."""

    def split_sentences(self, text: str) -> list[str]:
        """Give the text as its one sentence."""
        return [text]


def main() -> None:
    articles, out, model_folder = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    translate.get_translation_from_codes("ru", "en").underlying.sentencizer = OneSentence()
    records = []
    for line in articles.read_text("utf-8").splitlines():
        article = json.loads(line)
        records += [
            {"url": article["url"], "language": article["language"], "text": sentence.strip()}
            for sentence in re.split(r"(?<=[.!?])\s+", article["text"])
            if sentence.strip()
        ]
    for record in records:
        if record["language"] == "ru":
            record["translation"] = translate.translate(record["text"], "ru", "en")
    model = SentenceTransformer(model_folder, device="cpu")
    vectors = model.encode([record["text"] for record in records], normalize_embeddings=True)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    out.mkdir(exist_ok=True)
    faiss.write_index(index, str(out / "sentences.faiss"))
    (out / "sentences.json").write_text(json.dumps(records, ensure_ascii=False), "utf-8")
    print(len(records))


if __name__ == "__main__":
    main()
