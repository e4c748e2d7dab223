"""Products are found with their versions; numbers of other things are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.markdown.facts.versions import distinct, find_versions, read_product


def versions(text: str, info: str | None = None) -> list[str]:
    """List versions as `product version`."""
    return [f"{one.product} {one.version}" for one in find_versions(text, info)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("needs Python 3.9", "python 3.9"),
        ("Django 4.2 LTS", "django 4.2"),
        ("Node.js v18.17", "node.js 18.17"),
        ("PostgreSQL 15,", "postgresql 15"),
        ("Kubernetes 1.29", "kubernetes 1.29"),
        ("since Chrome 121.", "chrome 121"),
        ("**Python** 3.9+", "python 3.9+"),
        ("Windows Server 2019", "windows server 2019"),
        ("k8s version 1.29", "kubernetes 1.29"),
        ("Upgrade Traefik to v2.5", "traefik 2.5"),
        ("Java 17 and", "java 17"),
        ("log4j 2.17", "log4j 2.17"),
        ("cert-manager v1.11.0", "cert-manager 1.11.0"),
        ("Foobar 1.2.3 crashes", "foobar 1.2.3"),
        ("`Django==5.2`", "django 5.2"),
        ("image `python:3.11-slim`", "python 3.11"),
        ("run `npm i left-pad@1.3.0`", "left-pad 1.3.0"),
        ("| Python | 3.12 |", "python 3.12"),
    ],
)
def test_prose_names_versions(text: str, expected: str) -> None:
    """A known product with a plausible number, or an unknown one with a clear sign."""
    assert versions(text) == [expected]


def test_a_list_of_versions_belongs_to_one_product() -> None:
    """What follows with commas, `and`, `from` and `to` counts too."""
    assert versions("Python 3.9, 3.10 and 3.11") == ["python 3.9", "python 3.10", "python 3.11"]
    assert versions("Kubernetes from v1.19 to v1.20") == ["kubernetes 1.19", "kubernetes 1.20"]


@pytest.mark.parametrize(
    ("info", "text", "expected"),
    [
        ("txt", "uvicorn[standard]==0.27.0", "uvicorn 0.27.0"),
        ("txt", "numpy>=1.26,<2", "numpy >=1.26"),
        ("json", '"next": "^14.1"', "next.js 14.1"),
        ("json", '"engines": {"node": "18.x"}', "node.js 18.x"),
        ("json", '"left-pad": "1.3.0"', "left-pad 1.3.0"),
        ("dockerfile", "FROM node:20", "node.js 20"),
        ("yaml", "image: postgres:15", "postgresql 15"),
        ("yaml", "Runtime: python3.12", "python 3.12"),
        ("yaml", "uses: actions/checkout@v4", "actions/checkout 4"),
        ("ruby", 'gem "rails", "~> 7.0"', "rails 7.0"),
        ("go.mod", "require github.com/x/y v1.2.3", "github.com/x/y 1.2.3"),
        ("toml", 'python = "^3.11"', "python 3.11"),
        ("xml", "<artifactId>x</artifactId><version>1.2.3</version>", "x 1.2.3"),
        ("groovy", "implementation 'org.x:lib:1.2.3'", "lib 1.2.3"),
        ("text", "nginx/1.18.0 (Ubuntu)", "nginx 1.18.0"),
        ("text", "Node.js v18.17.0", "node.js 18.17.0"),
        ("", 'File "/usr/lib/python3.11/site.py"', "python 3.11"),
    ],
)
def test_code_pins_versions(info: str, text: str, expected: str) -> None:
    """Requirements, manifests, images and the banners of programs."""
    assert versions(text, info) == [expected]


@pytest.mark.parametrize(
    "text",
    """Step 2|Error 6|Figure 3.1|Chapter 4|Section 4.1.2|HTTP 500|RFC 7231|May 2024|on 2024-03-05|TLS 1.2
    |took 3.5 s|Redis 6 nodes|Kafka 3.5 GB|Node 2 went down|10.0.0.1|at 10:30|the API v1.2|use it 3 times
    |Apache 2.0 license|proxy_http_version 1.1|Version 2.0|AMI v20221027|redis:6379|from 3.5 to 3.6
    |requires a different python version: 3.0.0|Lambda 512|Python 27|50% of Chrome 5""".replace(
        "\n    ", ""
    ).split("|"),
)
def test_other_numbers_are_no_versions(text: str) -> None:
    """Steps, codes, dates, amounts, addresses and ports are left out."""
    assert versions(text) == []


@pytest.mark.parametrize(
    ("info", "text"),
    [
        ("python", "if x==1.5:"),
        ("json", '"version": "1.0.0"'),
        ("json", '"port": "8080"'),
        ("yaml", "ports: redis:6379"),
        ("text", "2024-01-02 10:11:12.123 ERROR"),
        ("bash", "ssh root@10.0.0.1"),
        ("promql", "up==0.5"),
    ],
)
def test_other_code_pins_nothing(info: str, text: str) -> None:
    """Comparisons, fields, ports, times and addresses are left out."""
    assert versions(text, info) == []


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("django 5.2", ("django", "5.2")),
        ("node: 18", ("node.js", "18")),
        ("next@14.1", ("next.js", "14.1")),
        ("Our Shop v2", ("our shop", "2")),
        ("product 1.2+", ("product", "1.2+")),
        ("django>=4.2", ("django", ">=4.2")),
    ],
)
def test_front_matter_is_believed(declared: str, expected: tuple[str, str]) -> None:
    """Any name with any number, for someone listed it as a product."""
    found = read_product(declared)

    assert found
    assert (found.product, found.version) == expected


@pytest.mark.parametrize("declared", ["vercel", "@vercel/python", "", "  "])
def test_a_product_alone_has_no_version(declared: str) -> None:
    """Without a number there is nothing to tell."""
    assert read_product(declared) is None


def test_a_bare_number_goes_where_an_exact_one_is() -> None:
    """`Python 3` says nothing beside `Python 3.9`."""
    found = distinct(find_versions("Python 3 here, Python 3.9 there, Python 3.9 again; Vue 3"))

    assert [(one.product, one.version) for one in found] == [("python", "3.9"), ("vue", "3")]


@given(st.text(st.sampled_from("aPython v1.2-:=@/\"' \n|(<>^~"), max_size=80))
def test_every_version_stands_in_the_text(text: str) -> None:
    """Nothing is made up."""
    for info in (None, "json"):
        for one in find_versions(text, info):
            assert one.version.lstrip("<>=") in text
