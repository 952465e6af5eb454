"""Planning: what to draw down, order, restart, expand and buy together, and why the rest is short.

`scenario` is what a planner may choose from and must respect, a TOML file. `compiling` turns it,
with a book's forecast, into a `Problem` of plain figures; `formulating` and `solving` find a plan
with a proven gap; `checking` holds every constraint against it again, by other code; `explaining`
says why the rest stays short and what would mend it. `plan` is the answer.
"""
