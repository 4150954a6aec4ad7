"""Text to unit vectors. One class for each engine; all satisfy `xsource.protocols.Embedder`.

    bundled               multilingual-e5-small on CTranslate2: the default, no download
    sentence_transformer  any sentence-transformers folder or hub name
    ngrams                hashed character n-grams: instant, for tests and for machines without a model

`packed_model`, `bundled_files` and `model_cache` prepare the bundled model's files once, in the user's cache.
"""
