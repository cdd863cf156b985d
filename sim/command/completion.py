"""Shell completion: sub-commands first, then keys, groups and options as Hydra knows them."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence

from sim.checks import InputError
from sim.command.help import SUBCOMMANDS

_BASH = """_outcomelab() {
    local IFS=$'\\n'
    COMPREPLY=($(COMP_LINE="${COMP_LINE:0:$COMP_POINT}" "$1" completion query 2>/dev/null))
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} != *[=./] ]] && COMPREPLY[0]+=' '
    return 0
}
COMP_WORDBREAKS=${COMP_WORDBREAKS//=}
complete -o nospace -o default -F _outcomelab outcomelab"""

_ZSH = "autoload -Uz bashcompinit && bashcompinit\n" + _BASH

_FISH = """function __outcomelab
    COMP_LINE=(commandline -cp | string collect) outcomelab completion query 2>/dev/null
end
complete -c outcomelab -f -a '(__outcomelab)'"""

SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def main(argv: Sequence[str]) -> int:
    """Print a shell's script, or (called by that script) the words that can stand at the cursor."""
    shell = argv[0] if argv else ""
    if shell == "query":
        print("\n".join(candidates(os.environ.get("COMP_LINE", ""))))
    elif shell in SCRIPTS and len(argv) == 1:
        print(SCRIPTS[shell])
    else:
        raise InputError(f"completion needs one of {', '.join(SCRIPTS)}, got {' '.join(argv) or 'nothing'}")
    return 0


def candidates(line: str) -> list[str]:
    """Words that can stand at the end of a typed command line."""
    words = line.split()
    at_new_word = line.endswith(" ")
    if len(words) < 2 or (len(words) == 2 and not at_new_word):
        return [name for name in SUBCOMMANDS if name.startswith(words[1] if len(words) == 2 else "")]
    if words[1] != "run":
        return []
    return _overrides(line.split(None, 2)[2] if len(words) > 2 else "")


def _overrides(line: str) -> list[str]:
    """What Hydra proposes after `run`; a sweep's earlier values stay in front of the last one."""
    from hydra.plugins.completion_plugin import DefaultCompletionPlugin

    from sim.command.arguments import read
    from sim.experiments.composer import CONFIG_NAME, composer

    typed = line.split()
    last = "" if not line or line.endswith(" ") else typed.pop()
    key, equals, value = last.partition("=")
    head, comma, tail = value.rpartition(",")
    try:
        config_dir = read(_readable(typed)).config_dir
        with composer(config_dir) as tree:
            plain = [word for word in typed if "=" in word and "," not in word and not word.startswith("-")]
            query = " ".join([*plain, f"{key}={tail}" if equals else last])
            found = DefaultCompletionPlugin(tree.loader)._query(CONFIG_NAME, query)
    except Exception:  # an unfinished line is no mistake: propose nothing
        return []
    ours = [word for word in found if not word.startswith("hydra") or last.startswith("hydra")]
    return [f"{key}={head}{comma}{word.partition('=')[2]}" if comma else word for word in ours]


def _readable(typed: list[str]) -> list[str]:
    return shlex.split(" ".join(typed))
