"""Hostile texts: vectors of our own, and published ones where they lie beside the project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PUBLISHED = Path(__file__).parents[2] / "shared/hostile"

# What tries to run, in the manner of OWASP's list of ways around filters.
SCRIPTS = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=http://192.0.2.1/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<SCRIPT>alert(1);//\\<</SCRIPT>",
    '<img src="media/hall.png" onerror="alert(1)">',
    '<img src=x:x onerror="alert(1)">',
    '<img """><script>alert(1)</script>">',
    '<a href="javascript:alert(1)">one</a>',
    '<a href="jav&#x09;ascript:alert(1)">two</a>',
    '<a href=" &#14; javascript:alert(1)">three</a>',
    '<a href="data:text/html,<script>alert(1)</script>">four</a>',
    "<a href='vbscript:msgbox(1)'>five</a>",
    "[six](javascript:alert(1))",
    "[seven](<java&#115;cript:alert(1)>)",
    "[eight][js]\n\n[js]: javascript:alert(1)",
    "<javascript:alert(1)>",
    '<p onclick="alert(1)" onmouseover=alert(1)>nine</p>',
    '<p style="background:url(javascript:alert(1))">ten</p>',
    '<div style="width:expression(alert(1))">eleven</div>',
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button>twelve</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>thirteen</details>",
    "<body onload=alert(1)>",
    "<base href='http://192.0.2.1/'>",
    "<meta http-equiv=refresh content='0;url=http://192.0.2.1/'>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<style>@import 'http://192.0.2.1/x.css';</style>",
    "<template><script>alert(1)</script></template>",
    "fourteen {: onclick=alert(1) style=position:fixed }",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    '*[HTML]: "><script>alert(1)</script>\n\nThe HTML standard',
    "note[^1]\n\n[^1]: <script>alert(1)</script>",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
)

# What is made to look like a part of the report's own, or is out of all measure.
GUISES = (
    '<span class="folios"></span>',
    '<span data-folio="contents">1</span>',
    '<div class="frame">x</div>',
    '<div class="footnote"></div>',
    '<a class="footnote-ref" href="#fn:9">9</a>',
    '<a class="footnote-backref">back</a>',
    '<a class="reference">r</a>',
    '<a class="symbol">s</a>',
    '<p id="cover">taken</p><p id="cover">twice</p>',
    '<p id="a b &quot;c&lt;">odd</p>',
    "<span class=\"number\">1</span>",
    '<ol start="99999999999999999999"><li value="\u00b2">one</li></ol>',
    '<ol start="' + "9" * 5000 + '"><li>two</li></ol>',
    '<table><tr><td colspan="9999999" rowspan="9999999">wide</td></tr></table>',
    "<table><tr><td rowspan=0 colspan=0>none</td></tr></table>",
    "<table></table>",
    "<table><caption>only</caption></table>",
    "<ul></ul><ol></ol><dl></dl>",
    "<dl><dd>description first</dd><dt>term</dt></dl>",
    "<li>item without a list</li>",
    "<td>cell without a table</td>",
    "<h1></h1>",
    "<p lang='x\"y' dir=rtl>language</p>",
    "<bdo dir=rtl>reversed</bdo>",
    "<q><q><q>quotes",
    "</div></section></main></article>after",
    "]]>", "<![CDATA[ x ]]>", "<?php echo 1 ?>", "<!DOCTYPE x>",
    "`" * 200 + " " + "` `` ``` " * 100,
    "*" * 500, "_" * 500, "[" * 500, "(" * 500, "\\" * 500, "#" * 500, "&" * 500, "~" * 500,
    "x" * 5000,
)  # fmt: skip

# Signs that turn the direction of writing, cannot be seen, or look like others (CVE-2021-42574).
SIGNS = (
    "access \u202e\u2066// if admin\u2069 \u2066 level",
    "to \u202dthe left",
    "\u2067\u2067\u2067 isolates without end",
    "zero\u200bwidth\u200d\u200c\u2060joined",
    "Z\u0351\u036b\u0343\u036aa\u0310\u0369l\u0321\u0353g\u0324\u0324o",
    "\u0645\u062b\u0627\u0644 mixed \u05d3\u05d5\u05d2\u05de\u05d4",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1fa\U0001f1f3 \u2603\ufe0f",
    "\U000e0041\U000e0042 tags",
    "\u00ad\u034f\u115f\u3164 fillers",
    "\ufdfa \u1d00\u0280\u1d04 \uff41\uff42",
    "\U0010fffd\ue000 private",
    "&#0; &#xd800; &#x110000; &#1; &nbsp;&zwj;",
)

# What would be evaluated if a statement were a template.
TEMPLATES = (
    "{{ 7 * 191 }}",
    "{{ event.title }}",
    "{% for x in range(9) %}1337{% endfor %}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{# a comment #} stays",
    "${7*191} #{7*191} <%= 7*191 %>",
    "[[${7*191}]] @(7*191)",
)

OWN = SCRIPTS + GUISES + SIGNS + TEMPLATES


def published(name: str) -> list[Any]:
    """What a file of published vectors holds; nothing where they are not beside the project."""
    file = PUBLISHED / f"{name}.json"
    return list(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else []
