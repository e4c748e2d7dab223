"""Commands are found whole, in order and alone; words, output and other languages are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.markdown.facts.commands import find_commands, is_command


def commands(code: str, info: str = "bash") -> list[str]:
    """List the commands of a code block."""
    return [text for text, _ in find_commands(code, info)]


@pytest.mark.parametrize(
    ("info", "code", "expected"),
    [
        ("bash", "ls -l\n\n# list them\npwd", ["ls -l", "pwd"]),
        ("sh", "make build  # takes long", ["make build"]),
        ("bash", "cd app && npm ci", ["cd app && npm ci"]),
        ("bash", "echo '# no comment'", ["echo '# no comment'"]),
        ("console", "$ git status\nOn branch main\n$ git pull\n", ["git status", "git pull"]),
        ("", "$ uptime\n 10:00 up 3 days", ["uptime"]),
        ("text", "$ df -h\nFilesystem  Size\n", ["df -h"]),
        ("bash", "deploy@web-1:~/app$ ./run.sh --now\nstarted", ["./run.sh --now"]),
        ("bash", "(venv) $ pip install x", ["pip install x"]),
        ("console", "[root@db ~]# systemctl restart postgresql", ["systemctl restart postgresql"]),
        ("console", "sh-4.4# etcdctl version", ["etcdctl version"]),
        ("", "# systemctl restart nginx", ["systemctl restart nginx"]),
        ("bash", "# restart the service first", []),
        ("powershell", "PS C:\\app> Get-Service x\nRunning", ["Get-Service x"]),
        ("bat", "REM first\ncopy a.txt b.txt", ["copy a.txt b.txt"]),
        ("cmd", "C:\\Users\\me>ipconfig /flushdns\nok", ["ipconfig /flushdns"]),
        ("powershell", '$env:A="b"\n# say\nWrite-Host $env:A', ['$env:A="b"', "Write-Host $env:A"]),
        ("shell", "NODE=<name from the alert>\nkubectl drain $NODE", None),
        ("", "pip install x\nnpm ci", ["pip install x", "npm ci"]),
        ("", "kubectl get pods\nNAME   READY\nweb-1  1/1", ["kubectl get pods"]),
        ("shell", "kubectl get pods\nNAME   READY\nweb-1  1/1", ["kubectl get pods"]),
    ],
)  # fmt: skip
def test_the_commands_of_a_block_are_found(
    info: str, code: str, expected: list[str] | None
) -> None:
    """Prompts, comments and output go; each command stays as it can be pasted."""
    assert commands(code, info) == (code.split("\n") if expected is None else expected)


@pytest.mark.parametrize(
    ("info", "code"),
    [
        ("bash", "curl -X POST \\\n  -H 'A: b' \\\n  https://x.example"),
        ("bash", "cat > a.txt <<'EOF'\nls -l\n# kept\nEOF"),
        ("bash", 'python -c "\nimport os\nprint(os.name)\n"'),
        ("bash", "for f in *.log; do\n  gzip $f\ndone"),
        ("bash", "if [ -f x ]; then\n  rm x\nelse\n  touch x\nfi"),
        ("bash", "cat x |\n  sort"),
        ("bash", "clean() {\n  rm -rf build\n}"),
        ("powershell", "if ($a -ne 1) {\n  exit 1\n}\nelse {\n  exit 2\n}"),
        ("powershell", "Get-Item x `\n  | Remove-Item"),
        ("powershell", '$text = @"\nls\n"@'),
        ("bat", "docker run ^\n  image"),
    ],
)  # fmt: skip
def test_what_belongs_together_is_one_command(info: str, code: str) -> None:
    """Continued lines, open quotes, here-documents and blocks stay in one piece."""
    assert commands(f"{code}\nls -a", info) == [code, "ls -a"]


def test_a_quote_that_is_never_closed_takes_nothing_with_it() -> None:
    """The line alone is the command, and the next one is found."""
    assert commands("echo it's\nls -l") == ["echo it's", "ls -l"]


@pytest.mark.parametrize(
    ("info", "code"),
    [
        ("python", "import os\nos.system('ls -l')"),
        ("yaml", "run: npm ci"),
        ("dockerfile", "RUN pip install x"),
        ("", "import os\nprint(os.name)"),
        ("", "server {\n  listen 80;\n}"),
        ("", "Traceback (most recent call last):\n  File"),
        ("text", "npm ERR! code ELIFECYCLE"),
        ("", "curl -> nginx -> app"),
        ("bash", 'Error: no such file\nSELECT * FROM t;\n{\n  "a": 1\n}'),
        ("bash", "cache = ${HOME}/.cache\ngit+https://x.example/y.git"),
        ("console", "('Cowboys', 83.0, 3)\n>>> print(1)"),
        ("bash", "..."),
    ],
)  # fmt: skip
def test_other_code_and_output_are_no_commands(info: str, code: str) -> None:
    """Nothing is taken for a command that a shell would not run."""
    assert commands(code, info) == []


@pytest.mark.parametrize(
    "code",
    """pip install django|kubectl get pods|git push|./run.sh --now|sudo systemctl restart nginx
    |npm ci|python manage.py migrate|make build|DEBUG=1 npm start|export FOO=bar|terraform apply
    |Get-Process -Name x|/usr/bin/python3 -V|bin/rails db:migrate|docker compose up|kill -9 1234
    |find . -name x|service nginx restart|source .venv/bin/activate|npm install|vercel --prod
    |php artisan migrate|go mod tidy|date -u|redis-cli ping""".replace("\n    ", "").split("|"),
)
def test_inline_code_can_be_a_command(code: str) -> None:
    """A known program with what it is told to do can be copied."""
    assert is_command(code)


@pytest.mark.parametrize(
    "code",
    """docker|pip install|docker compose|python 3.9|node 18|docker daemon not running|node not ready
    |make sure it works|find the pod|kill the process|java heap space|GET /api|handler(req, res)|if x == 1
    |SELECT * FROM t|from x import y|proxy_http_version 1.1|/etc/hosts|go func() {}|kubectl rollout restart
    |npm run <…>|export KEY=…|pytest plugins <https://x.example>|cat sat on mat|time: 5|open file|which one
    |gcloud iam service-accounts keys delete|host: localhost|git is broken""".replace(
        "\n    ", ""
    ).split("|"),
)
def test_most_inline_code_is_no_command(code: str) -> None:
    """Names, sentences, versions and beginnings of commands are left out."""
    assert not is_command(code)


@given(
    st.sampled_from(["bash", "", "powershell", "bat", "console"]),
    st.lists(
        st.sampled_from(
            "ls -l|'|\"|\\|{|}|(|)|$ ls|# x|<<EOF|EOF|if x|fi|do|done|`|@\"|PS> a|C:\\>a|> b| ".split("|")
        ),
        max_size=30,
    ).map("\n".join),
)  # fmt: skip
def test_any_block_gives_lines_of_its_own(info: str, code: str) -> None:
    """Whatever is open or closed, each line of a command stands in the text."""
    for command in commands(code, info):
        assert command.strip() == command != ""
        assert all(line.strip() in code for line in command.split("\n"))
