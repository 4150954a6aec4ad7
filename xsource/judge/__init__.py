"""The judge: how likely two sentences, or a question and a sentence, state the same fact.

One file of arrays (`shipped/judge.safetensors`, made by `tools/train_judge.py`) holds what was learned from the
independent reports of `corpora/reports`: layers of the bundled encoder tuned to facts, a joint reading of two
sentences, and every number that stories, groups and answers are decided by.

- `artefact`: that file, and why another may be refused
- `reading`: a sentence read once: token states, a vector, whether it states anything
- `joint`: two readings put side by side
- `evidence`: what figures, names, length and the sentences around say of a pair
- `judging`: the judge itself; `margins`: the plainly weaker one that stands in where it cannot be used
"""
