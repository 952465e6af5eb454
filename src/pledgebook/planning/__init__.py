"""Planning: what to draw down, order, restart, expand and buy together, and why the rest is short.

`scenario` is what a planner may choose from and must respect, a TOML file. `compiling` turns it,
with a book's forecast, into a `problem` of plain figures; `formulating` makes that a program, and
`solving` finds a plan, part by part with `decomposing` where it is large. `checking` holds every
constraint against the plan again, by other code; `explaining` says why the rest stays short and
what would mend it. `plan` is the answer.
"""
