"""Who says it: "X said", "according to X", speaker labels; the name as written, without titles."""

from __future__ import annotations

import re

_NAME = r"[A-Z][\w.'’-]+(?:\s+(?:[A-Z][\w.'’-]+|de|van|von|der|al|bin|el|ter))*"
_VERB = (
    r"(?:said|says|told|tells|announced|announces|confirmed|confirms|added|adds|stated|states|wrote|writes|"
    r"reported|reports|noted|notes|explained|warned|warns|argued|insisted|insists|declared|estimated|estimates|"
    r"acknowledged|conceded|indicated|disclosed|revealed|stressed|suggested|reckoned|reckon|reckons|repeated|"
    r"claimed|claims|called|calls|promised|pledged|replied|answered|remarked|posted|tweeted|maintained|put)"
)
_BODY = (
    r"(?:(?:[A-Z][\w.'’-]+|[a-z][\w'’-]+)\s+){0,5}?"
    r"(?:ministry|officials?|spokes(?:man|woman|person)|department|government|company|sources?|office|ministers?|"
    r"army|command|agency|embassy|military|forces|service|group|diplomats?|analysts?|intelligence|administration|"
    r"ambassador|chancellery|presidency|Ministry|Department|House|Pentagon|Office|Command|Commission|staff)"
    r"(?:\s+(?:of|for|in)\s+(?:the\s+)?(?:[A-Z][\w.'’-]+(?:\s+[A-Z][\w.'’-]+)*|(?:defen[cs]e|foreign)\s+\w+))?"
)
_WHO = rf"(?P<{{}}>{_NAME}|(?:the|a|an|one|its|his|her|two)\s+{_BODY}|{_BODY})"
_BEFORE = re.compile(rf"{_WHO.replace('{}','a')}(?:,[^,.;]{{3,80}},)?\s+(?:also\s+|has\s+|have\s+|later\s+|then\s+)?{_VERB}\b")
_AFTER = re.compile(rf"[,”\"]\s*(?:according\s+to|{_VERB})\s+{_WHO.replace('{}','b')}")
_ACCORDING = re.compile(rf"(?:[Aa]ccording\s+to|, says?|in the words of)\s+{_WHO.replace('{}','c')}")
_TITLE = re.compile(
    r"^(?:(?:the|a|an|one|its|his|her|[A-Z][\w.]*(?:ish|an|ese|ch|ian|i)|US|U\.S\.|UK|EU|NATO|Nato|then|former|acting|caretaker|top|new|Federal)\s+)*"
    r"(?:(?:Prime|Foreign|Defen[cs]e|Vice|Deputy|Economics|Economy|Energy|Finance|Interior|Health|State|Armed Forces|Armed|Forces|Development|First|Chief|Industry|Navy|Army|Air|Force|Assistant|Under|National|Security|Press|Secretary[- ]General|High)\s+)*"
    r"(?:Minister|President|Secretary|Chancellor|Premier|General|Gen\.?|Mr\.?|Ms\.?|Mrs\.?|Dr\.?|Ambassador|Senator|Sen\.?|Admiral|Adm\.?|King|Queen|Commissioner|"
    r"Colonel|Col\.?|Representative|Rep\.?|Lt\.?|Major|Maj\.?|Governor|Speaker|Professor|Sir|Dame|Lord|chief|spokesman|spokeswoman|spokesperson|"
    r"chief executive|CEO|director|Director|Secretary-General|Administrator|minister|president|secretary|chancellor|premier)\s+(?:of\s+(?:State|Defen[cs]e|War|the\s+Treasury)\s+)?(?=[A-Z])"
)
_ARTICLE = re.compile(r"^(?:the|The|a|A|an|An|one|One|its|his|her)\s+")


def speaker_in(sentence: str) -> str | None:
    """Return the speaker to whom a sentence attributes what it says, None where to nobody."""
    for pattern, name in ((_AFTER, "b"), (_ACCORDING, "c"), (_BEFORE, "a")):
        found = pattern.search(sentence)
        if found is not None:
            return clean(found.group(name))
    return None


def clean(name: str) -> str | None:
    """Strip article and title from a name."""
    name = _TITLE.sub("", name.strip())
    name = _ARTICLE.sub("", name).rstrip(".,'’ ")
    if name.endswith(("'s", "’s")):
        name = name[:-2]
    return name if name and name.lower() not in _NOBODY else None


_NOBODY = frozenset({"he", "she", "it", "they", "we", "i", "that", "this", "which", "who", "in", "on", "at", "there",
                     "but", "and", "what", "his", "her", "under", "as", "for", "from", "by", "after", "the", "so"})
