"""The computed styles of a document, each made once and only when it is asked for.

WeasyPrint 70 puts together anew, for each element, what is declared by the rules that it matches.
It shares a style among elements that match the same ones in the same parent, but an element with an
id or a number has one of its own, and so has all that is in it: each entry of an index, each
paragraph that a link may lead to. And it makes six styles of pseudo-elements for each element, as
each could be a note, of which next to none are ever looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from math import inf
from typing import Any

from cssselect2 import Matcher
from weasyprint import css

_SHARED = frozenset({"before", "after", "marker"})
"""Pseudo-elements whose styles WeasyPrint never changes for one of them alone."""

_OWN = frozenset({"-weasy-anchor", "counter-set", "counter-reset", "counter-increment"})
"""Properties that say which element one is, and that elements in it do not inherit."""

_SVG = "http://www.w3.org/2000/svg"

_preprocessed = css.preprocess_declarations
_StyleFor = css.StyleFor
_find_stylesheets = css.find_stylesheets
_find_style_attributes = css.find_style_attributes

_UNSEEN = [
    (
        (0, 0, 0),
        0,
        None,
        (tuple(_preprocessed("", css.tinycss2.parse_blocks_contents("display: none"))), None),
    )
]
"""The one rule of what is in a drawing, as a `Matcher` gives the rules that match."""


def install() -> None:
    """Have WeasyPrint compute styles so from now on."""
    css.StyleFor = Styles
    css.find_stylesheets = find_stylesheets
    css.find_style_attributes = find_style_attributes


def find_stylesheets(root: Any, *others: Any) -> Iterable[Any]:
    """Find the stylesheets that a document contains; nearly all contain none."""
    if any(True for name in ("style", "link") for _ in root.etree_element.iter(name)):
        return _find_stylesheets(root, *others)  # type: ignore[no-any-return]
    return ()


def find_style_attributes(*where: Any, **how: Any) -> Iterator[Any]:
    """Yield what attributes declare, but for what concerns an element alone."""
    for found in _find_style_attributes(*where, **how):
        _, _, declarations, _ = found
        if not _are_own(declarations):
            yield found


def _are_own(declarations: Iterable[Any]) -> bool:
    """Whether declarations say only which element one is: its anchor, or its number in a list."""
    said = (each for each in declarations if each.type not in ("whitespace", "comment"))
    return all(each.type == "declaration" and each.name in _OWN for each in said)


def _own_values(element: Any, base_url: Any) -> dict[str, Any]:
    """The values of an element that are no others'."""
    own: dict[str, Any] = {}
    declarations = css.tinycss2.parse_blocks_contents(element.get("style", ""))
    if _are_own(declarations):
        own.update((name, value) for name, value, _ in _preprocessed(base_url, declarations))
    if anchor := (element.tag == "a" and element.get("name")) or element.get("id"):
        own["anchor"] = anchor
    return own


class Own(css.ComputedStyle):  # type: ignore[misc]
    """The style of one element: but for a few values, one that it has in common with others."""

    def __init__(self, common: Any, own: Mapping[str, Any]) -> None:
        """Take the style that others of its kind have too, and what it has of its own."""
        # What is noted with a style, here and in other modules, holds for both.
        self.__dict__ = common.__dict__
        self.common = common
        self.update(own)

    def __missing__(self, key: str) -> Any:
        """Compute a value, or find it computed for others."""
        value = self[key] = self.common[key]
        return value


def _joined(sheets: Iterable[Any]) -> Iterator[Any]:
    """Yield stylesheets with their origins and weights, neighbours that are alike as one.

    Which rules match an element is asked of each; rules in layers stay with their own.
    """
    alike = groupby(sheets, lambda each: (each[1], each[2], bool(each[0].layers)))
    for (origin, weight, has_layers), group in alike:
        members = tuple(sheet for sheet, _, _ in group)
        for sheet in members if has_layers else (_as_one(members),):
            yield sheet, origin, weight


class _Rules(Matcher):  # type: ignore[misc]
    """The rules of stylesheets, of which all that is in a drawing meets but one: it has no box.

    WeasyPrint draws an `svg` element by itself, and throws away the boxes of what is in it.
    """

    def match(self, element: Any) -> Any:
        """Return a list of the rules that an element matches, the strongest last."""
        if element.namespace_url == _SVG and element.local_name != "svg":
            return _UNSEEN
        return super().match(element)


class _Joined:
    """Stylesheets as one, of which the rules of the later ones come after those of the earlier."""

    def __init__(self, sheets: Iterable[Any]) -> None:
        """Take the rules of all of them, which are in no layers."""
        self.matcher = _Rules()
        for each in (sheet.matcher for sheet in sheets):
            before = self.matcher.order
            for name, found in vars(each).items():
                kept = getattr(self.matcher, name)
                if isinstance(found, dict):
                    for key, rules in found.items():
                        kept.setdefault(key, []).extend(_after(before, rules))
                elif isinstance(found, list):
                    kept.extend(_after(before, found))
            self.matcher.order = before + each.order


@lru_cache(maxsize=8)
def _as_one(sheets: tuple[Any, ...]) -> _Joined:
    return _Joined(sheets)


def _after(before: int, rules: Iterable[Any]) -> Iterator[Any]:
    for test, specificity, order, pseudo, declared in rules:
        yield test, specificity, before + order, pseudo, declared


_Declared = dict[str, tuple[Any, tuple[int, float, Any]]]
"""What is declared of an element: the value of each property, and what that weighs."""


def _put(found: _Declared, name: str, value: Any, weight: tuple[int, float, Any]) -> None:
    """Add a value to those that were found, unless one is there that weighs more."""
    if name not in found or found[name][1] <= weight:
        found[name] = value, weight


def _declare(found: _Declared, declarations: Iterable[Any], origin: str, *weight: Any) -> None:
    """Add declarations to those that were found."""
    for name, value, importance in declarations:
        _put(found, name, value, (css.declaration_precedence(origin, importance), *weight))


class _Cascade:
    """What stylesheets declare, put together once for all elements that match the same rules."""

    def __init__(self, sheets: Iterable[Any]) -> None:
        """Take stylesheets with their origins and weights."""
        self._sheets = tuple(sheets)
        self._known: dict[Any, Mapping[str | None, _Declared]] = {}

    def of(self, element: Any) -> Mapping[str | None, _Declared]:
        """What is declared of an element and, by their names, of its pseudo-elements."""
        matched = [sheet.matcher.match(element) for sheet, _, _ in self._sheets]
        # Each rule has a number in its stylesheet.
        key = tuple(tuple(number for _, number, _, _ in rules) for rules in matched)
        if key not in self._known:
            self._known[key] = self._put_together(matched)
        return self._known[key]

    def _put_together(self, matched: Iterable[Any]) -> Mapping[str | None, _Declared]:
        found: dict[str | None, _Declared] = {None: {}}
        for (sheet, origin, weight), rules in zip(self._sheets, matched, strict=True):
            for specificity, _, pseudo_type, (declarations, layer) in rules:
                place = inf if layer is None else sheet.layers.index(layer)
                of_this = found.setdefault(pseudo_type, {})
                _declare(of_this, declarations, origin, place, weight or specificity)
        return found


@lru_cache(maxsize=8)
def _cascade(sheets: tuple[Any, ...]) -> _Cascade:
    return _Cascade(_joined(sheets))


def _in_attributes(html: Any, hints: bool) -> Mapping[Any, _Declared]:
    """What their attributes declare of elements, but for what concerns one of them alone."""
    found: dict[Any, _Declared] = {}
    for specificity, element, declarations, base_url in find_style_attributes(
        html.etree_element, hints, html.base_url
    ):
        of_this = found.setdefault(element, {})
        _declare(of_this, _preprocessed(base_url, declarations), "author", inf, specificity)
    return found


def _heavier(one: _Declared, other: _Declared) -> _Declared:
    """Of two that declare something of an element, what weighs more; of equals, the other's."""
    heavier = dict(one)
    for name, (value, weight) in other.items():
        _put(heavier, name, value, weight)
    return heavier


class Styles(_StyleFor):  # type: ignore[misc,valid-type]
    """Gives the computed style of an element or a pseudo-element, or none."""

    def __init__(
        self, html: Any, sheets: Any, hints: bool, font_config: Any, target_collector: Any
    ) -> None:
        """Match the rules of stylesheets with all elements of a document."""
        self._sheets = sheets
        self.font_config = font_config
        self.initial_page_sizes = {"box": None, "area": None}
        self._cascaded_styles: dict[tuple[Any, str | None], _Declared] = {}
        self._computed_styles: dict[tuple[Any, str | None], Any] = {}
        self._deferred: dict[tuple[Any, str], tuple[Any, Any, Any]] = {}
        self._made: dict[Any, Any] = {}
        self._cascade = _cascade(tuple(sheets))
        self._match(html, hints, target_collector)
        self._distinguish(html, target_collector)
        # What is declared of pages comes there later.
        self._cascaded_styles.clear()

    def _match(self, html: Any, hints: bool, target_collector: Any) -> None:
        """Give a style to all elements in the order of the tree, as they inherit, and in them."""
        in_attributes = _in_attributes(html, hints)
        root, cascaded, computed = html.etree_element, self._cascaded_styles, self._computed_styles
        shared: dict[tuple[int, int], Any] = {}
        for wrapper in html.wrapper_element.iter_subtree():
            element = wrapper.etree_element
            parent = wrapper.parent.etree_element if wrapper.parent else None
            for pseudo_type, declared in self._cascade.of(wrapper).items():
                cascaded[element, pseudo_type] = declared
            if element in in_attributes:
                cascaded[element, None] = _heavier(in_attributes[element], cascaded[element, None])
            key = id(computed.get((parent, None))), id(cascaded[element, None])
            if key not in shared:
                self.set_computed_styles(
                    element, parent, root, None, html.base_url, target_collector
                )
                shared[key] = computed[element, None]
            computed[element, None] = shared[key]
        for element, pseudo_type in cascaded:
            if pseudo_type:
                self.set_computed_styles(
                    element, element, root, pseudo_type, html.base_url, target_collector
                )

    def _distinguish(self, html: Any, target_collector: Any) -> None:
        """Give what is an element's own to the styles that were shared."""
        for element in html.etree_element.iter():
            if own := _own_values(element, html.base_url):
                common = self._computed_styles[element, None]
                self._computed_styles[element, None] = Own(common, own)
                if "anchor" in own:
                    target_collector.collect_anchor(own["anchor"])

    def set_computed_styles(
        self,
        element: Any,
        parent: Any,
        root: Any = None,
        pseudo_type: str | None = None,
        base_url: Any = None,
        target_collector: Any = None,
    ) -> None:
        """Compute a style; that of a pseudo-element only once it is asked for."""
        cascaded = self._cascaded_styles.get((element, pseudo_type), {})
        if pseudo_type is None or "anchor" in cascaded:
            super().set_computed_styles(
                element, parent, root, pseudo_type, base_url, target_collector
            )
        else:
            self._deferred[element, pseudo_type] = cascaded, root, base_url

    def __call__(self, element: Any, pseudo_type: str | None = None) -> Any:
        """Return the style of an element, or of one of its pseudo-elements if that has any."""
        if pseudo_type and (deferred := self._deferred.pop((element, pseudo_type), None)):
            self._computed_styles[element, pseudo_type] = self._pseudo_style(
                element, pseudo_type, *deferred
            )
        return super().__call__(element, pseudo_type)

    def _pseudo_style(
        self, element: Any, pseudo_type: str, cascaded: Any, root: Any, base_url: Any
    ) -> Any:
        parent = self._computed_styles[element, None]
        parent = getattr(parent, "common", parent)
        key = id(parent), pseudo_type, id(cascaded)
        if pseudo_type in _SHARED and key in self._made:
            return self._made[key]
        style = self._made[key] = css.ComputedStyle(
            parent,
            cascaded,
            pseudo_type,
            self._computed_styles[root, None],
            base_url,
            self.font_config,
            self.initial_page_sizes,
        )
        # WeasyPrint takes a style of which nothing has been computed for none.
        style["anchor"]
        return style
