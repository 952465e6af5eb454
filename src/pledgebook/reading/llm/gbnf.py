"""A JSON Schema as a grammar in GBNF, for servers that constrain answers by nothing else.

Only what `answer_schema` holds is known: objects with their properties in order, arrays, choices,
and the plain types.
"""

from __future__ import annotations

import json
from typing import Any

__all__ = ["grammar"]

_PLAIN = {
    "string": 'string ::= "\\"" char* "\\"" ws\n'
    'char ::= [^"\\\\\\x00-\\x1f] | "\\\\" (["\\\\/bfnrt] | "u" hex hex hex hex)\n'
    "hex ::= [0-9a-fA-F]",
    "number": 'number ::= "-"? ("0" | [1-9] [0-9]*) ("." [0-9]+)? ([eE] [-+]? [0-9]+)? ws',
    "boolean": 'boolean ::= ("true" | "false") ws',
    "null": 'null ::= "null" ws',
}


def grammar(schema: dict[str, Any]) -> str:
    """Return the grammar of all JSON texts that keep to a schema. Raises ValueError for others."""
    rules: dict[str, str] = {}
    _rule("root", schema, rules)
    lines = [f"{name} ::= {body}" for name, body in rules.items()]
    # At most one line break and a few blanks: free white space lets weak models run on for ever.
    return "\n".join([*lines, *_PLAIN.values(), 'ws ::= "" | " " | "\\n" [ \\t]{0,8}']) + "\n"


def _rule(name: str, schema: dict[str, Any], rules: dict[str, str]) -> str:
    """Add the rule of a part of the schema and return the name by which it is called."""
    if "anyOf" in schema:
        choices = [
            _rule(f"{name}-{number}", part, rules) for number, part in enumerate(schema["anyOf"])
        ]
        rules[name] = " | ".join(choices)
        return name
    if "enum" in schema:
        words = " | ".join(_literal(json.dumps(value)) for value in schema["enum"])
        rules[name] = f"({words}) ws"
        return name
    kind = schema.get("type")
    if kind == "array":
        item = _rule(f"{name}-item", schema["items"], rules)
        rules[name] = f'"[" ws ({item} ("," ws {item})*)? "]" ws'
        return name
    if kind == "object":
        parts = [
            f'{_literal(json.dumps(key))} ws ":" ws {_rule(f"{name}-{key}", part, rules)}'
            for key, part in schema["properties"].items()
        ]
        inner = ' "," ws '.join(parts)
        rules[name] = f'"{{" ws {inner} "}}" ws'
        return name
    if kind in _PLAIN:
        return str(kind)
    raise ValueError(f"no grammar is known for {schema}")


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
