"""A local web page over an index: read only, on this machine, nothing from elsewhere.

- `editions.py`: the index in one state, open on threads of its own, and what was found in it so far.
- `desk.py`: the present edition, and the change to a newer one while pages are served.
- `asking.py`: what a visitor may ask, read from an address or a form and checked.
- `contents.py`: stories, articles and answers as the templates show them.
- `pages.py`: the templates, and what they need that only a server has.
- `app.py`: addresses to pages, failures to pages.
- `guarding.py`: hosts, sizes, rates, headers: what every request passes before a page is made.
- `reviewing.py`: verdicts, where the server was started to take them.
- `api.py`: the addresses as an OpenAPI document.
- `running.py`: sockets, patience with slow visitors, Ctrl-C.
"""
