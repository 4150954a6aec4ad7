"""The judge: how likely two sentences, or a question and a sentence, state the same fact.

One file of arrays (`shipped/judge.safetensors`, made by `tools/train_judge.py`) holds what was learned from the
independent reports of `corpora/reports`: layers of the bundled encoder tuned to facts, boosted trees that join
the evidence, and every number that stories, groups and answers are decided by.

- `artefact`: that file, and why another may be refused
- `reading`: a sentence read once: token states, a vector, whether it states anything
- `alignment`: how much of each sentence has its counterpart in the other, token by token
- `interaction`: a small network that reads two sentences beside each other
- `figures`, `naming`: what counts say of a pair, and names of a question; `evidence`: all of it, in named
  columns
- `trees`: boosted trees that make one probability of it; `judging`: the judge itself
"""
