import { Argument, type Command } from "commander";
import type { Cli } from "../cli.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

export function register(command: Command, cli: Cli): void {
  command
    .addArgument(new Argument("<shell>").choices(SHELLS))
    .addHelpText(
      "after",
      `
bash   usher completion bash > ~/.local/share/bash-completion/completions/usher
zsh    usher completion zsh > "\${fpath[1]}/_usher"
fish   usher completion fish > ~/.config/fish/completions/usher.fish
`,
    )
    .action((shell: Shell) => {
      const program = command.parent ?? command;
      cli.stdout.write(SCRIPTS[shell](wordsByPath(program)));
    });
}

/** What may follow: `""` the nouns, `connection` its verbs, `connection credential` its verbs, `people list` its options. */
function wordsByPath(program: Command): Map<string, string[]> {
  const words = new Map<string, string[]>();
  const visit = (command: Command, path: readonly string[]): void => {
    const inherited = path.length > 0 ? program.options : [];
    const options = [...command.options, ...inherited].flatMap(({ long }) => long ?? []);
    words.set(path.join(" "), [...command.commands.map((each) => each.name()), ...options, "--help"]);
    for (const each of command.commands) visit(each, [...path, each.name()]);
  };
  visit(program, []);
  return words;
}

const SCRIPTS: Record<Shell, (words: Map<string, string[]>) => string> = { bash, zsh, fish };

function bash(words: Map<string, string[]>): string {
  return `# Completion of usher for bash.
_usher() {
  local word path="" current="\${COMP_WORDS[COMP_CWORD]}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] || { _usher_words "$path\${path:+ }$word" > /dev/null && path="$path\${path:+ }$word"; }
  done
  COMPREPLY=($(compgen -W "$(_usher_words "$path")" -- "$current"))
}
_usher_words() {
  case "$1" in
${caseLines(words)}
    *) return 1 ;;
  esac
}
complete -F _usher usher
`;
}

function zsh(words: Map<string, string[]>): string {
  return `#compdef usher
# Completion of usher for zsh.
_usher_words() {
  case "$1" in
${caseLines(words)}
    *) return 1 ;;
  esac
}
_usher() {
  local word taken=""
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ $word == -* ]] || { _usher_words "$taken\${taken:+ }$word" > /dev/null && taken="$taken\${taken:+ }$word"; }
  done
  compadd -- \${(f)"$(_usher_words "$taken" | tr ' ' '\\n')"}
}
compdef _usher usher
`;
}

function caseLines(words: Map<string, string[]>): string {
  return [...words].map(([path, each]) => `    "${path}") echo "${each.join(" ")}" ;;`).join("\n");
}

function fish(words: Map<string, string[]>): string {
  const cases = [...words].map(([path, each]) => `    case "${path}"\n      string split " " -- "${each.join(" ")}"`);
  return `# Completion of usher for fish.
function __usher_words
  switch "$argv"
${cases.join("\n")}
    case "*"
      return 1
  end
end
function __usher_complete
  set -l taken
  for word in (commandline -opc)[2..-1]
    string match -q -- "-*" $word; and continue
    __usher_words $taken $word > /dev/null; and set -a taken $word
  end
  __usher_words $taken
end
complete -c usher -f -a "(__usher_complete)"
`;
}
