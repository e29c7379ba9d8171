"""Presentation MathML -> TeX, for formulas whose source the page does not tell."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.html.markup import Element

#: Elements walked at most; what comes after is left out.
_MOST = 5_000

_COMMANDS = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\epsilon",
    "ζ": r"\zeta", "η": r"\eta", "θ": r"\theta", "κ": r"\kappa", "λ": r"\lambda", "μ": r"\mu",
    "ν": r"\nu", "ξ": r"\xi", "π": r"\pi", "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau",
    "φ": r"\phi", "ϕ": r"\phi", "χ": r"\chi", "ψ": r"\psi", "ω": r"\omega", "Γ": r"\Gamma",
    "Δ": r"\Delta", "Θ": r"\Theta", "Λ": r"\Lambda", "Π": r"\Pi", "Σ": r"\Sigma",
    "Φ": r"\Phi", "Ψ": r"\Psi", "Ω": r"\Omega", "∑": r"\sum", "∏": r"\prod", "∫": r"\int",
    "∂": r"\partial", "∇": r"\nabla", "∞": r"\infty", "≤": r"\leq", "≥": r"\geq",
    "≠": r"\neq", "≈": r"\approx", "∼": r"\sim", "∝": r"\propto", "×": r"\times",
    "⋅": r"\cdot", "±": r"\pm", "∈": r"\in", "∉": r"\notin", "⊂": r"\subset", "∪": r"\cup",
    "∩": r"\cap", "→": r"\to", "←": r"\leftarrow", "⇒": r"\Rightarrow", "∀": r"\forall",
    "∃": r"\exists", "…": r"\dots", "⋯": r"\cdots", "∥": r"\|", "−": "-", "∗": "*",
    "⟨": r"\langle", "⟩": r"\rangle", "⊙": r"\odot", "⊕": r"\oplus", "⊗": r"\otimes",
    "ℓ": r"\ell", "√": r"\surd", "\u2061": "", "\u2062": "", "\u2063": "", "\xa0": " ",
}  # fmt: skip
_ACCENTS = {
    "^": r"\hat", "ˆ": r"\hat", "~": r"\tilde", "˜": r"\tilde", "¯": r"\bar", "‾": r"\overline",
    "→": r"\vec", "⃗": r"\vec", "˙": r"\dot",
}  # fmt: skip


def tex_of_mathml(math: Element) -> str:
    """TeX that reads as the formula does: scripts, fractions, roots, rows; the rest as it comes."""
    finished: list[list[str]] = [[]]
    walked = 0
    stack: list[tuple[Element, bool]] = [(math, False)]
    while stack:
        element, left = stack.pop()
        if left:
            parts = finished.pop()
            finished[-1].append(_tex(element, parts))
            continue
        walked += 1
        if walked > _MOST:
            break
        if not isinstance(element.tag, str) or element.tag.startswith("annotation"):
            continue
        if len(element) == 0:
            finished[-1].append(_token(element))
            continue
        finished.append([])
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))
    return "".join(part for parts in finished for part in parts)


def _token(element: Element) -> str:
    text = " ".join((element.text or "").split())
    if element.tag in ("mtext", "ms"):
        return rf"\text{{{text}}}" if text else " "
    if element.tag == "mspace":
        return " "
    if element.tag in ("mi", "mo") and len(text) > 1 and text.isascii() and text.isalpha():
        return rf"\operatorname{{{text}}}"
    return "".join(_COMMANDS.get(char, char) for char in text) + _gap(text)


def _gap(text: str) -> str:
    """A command that is a word must end before the next letter."""
    return " " if _COMMANDS.get(text[-1:], "")[-1:].isalpha() else ""


def _group(tex: str) -> str:
    tex = tex.strip()
    return tex if len(tex) == 1 else f"{{{tex}}}"


def _tex(element: Element, parts: Sequence[str]) -> str:
    tag = str(element.tag)
    if tag == "mfrac" and len(parts) == 2:
        return rf"\frac{{{parts[0].strip()}}}{{{parts[1].strip()}}}"
    if tag == "msqrt":
        return rf"\sqrt{{{''.join(parts).strip()}}}"
    if tag == "mroot" and len(parts) == 2:
        return rf"\sqrt[{parts[1].strip()}]{{{parts[0].strip()}}}"
    if tag == "mover" and len(parts) == 2:
        mark = (element[1].text or "").strip()
        if mark in _ACCENTS:
            return rf"{_ACCENTS[mark]}{{{parts[0].strip()}}}"
    if tag in ("msup", "mover") and len(parts) == 2:
        return f"{_based(parts[0])}^{_group(parts[1])}"
    if tag in ("msub", "munder") and len(parts) == 2:
        return f"{_based(parts[0])}_{_group(parts[1])}"
    if tag in ("msubsup", "munderover") and len(parts) == 3:
        return f"{_based(parts[0])}_{_group(parts[1])}^{_group(parts[2])}"
    if tag == "mtable":
        return r"\begin{matrix}" + r" \\ ".join(part.strip() for part in parts) + r"\end{matrix}"
    if tag in ("mtr", "mlabeledtr"):
        return " & ".join(part.strip() for part in parts)
    return "".join(parts)


def _based(tex: str) -> str:
    """What a script is put to; a group only where it is more than one thing."""
    tex = tex.strip()
    simple = len(tex) == 1 or (tex.startswith("\\") and tex[1:].isalpha()) or tex.endswith("}")
    return tex if simple else f"{{{tex}}}"
