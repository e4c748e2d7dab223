"""Products whose versions people write down, with the whole numbers that are versions of each."""

from __future__ import annotations

_ROWS = """
python 2 3 = cpython | django 1 6 | flask 1 3 | fastapi | celery 3 5 | numpy 1 2 | pandas 1 3 | pillow 5 13
sqlalchemy 1 2 | pydantic 1 2 | gunicorn | uvicorn | werkzeug | jinja2 | poetry 1 2 | pip 9 30
setuptools | tensorflow 1 2 | pytorch 1 2 = torch | cuda 9 13 | anaconda | pytest 3 9
node.js 6 30 = node, nodejs | npm 5 12 | yarn 1 5 | pnpm 6 11 | typescript 3 6
react 15 20 = reactjs | react native | next.js 9 20 = nextjs | nuxt 2 4 = nuxt.js
vue 2 3 = vue.js, vuejs | angular 2 25 = angularjs | svelte 3 5 | webpack 3 6 | vite 2 8
babel 6 8 | eslint 5 10 | jest 20 40 | express 3 5 = express.js | electron 5 50 | deno 1 3
bun 1 2 | prisma 2 8 | storybook 5 10 | tailwind 1 4 = tailwindcss | jquery 1 4 | java 5 30
jdk 5 30 = openjdk | jre 5 30 | kotlin 1 3 | scala 2 3 | groovy 2 5 | spring | spring boot 1 4
tomcat 5 12 | jetty 8 13 | hibernate 3 8 | maven 2 4 | gradle 3 10 | log4j 1 2 | wildfly 8 40
quarkus 1 4 | go = golang | rust | ruby 2 4 | rails 3 9 = ruby on rails | php 5 9 | laravel 4 13
symfony 2 8 | composer 1 2 | wordpress 3 7 | drupal 6 12 | magento 1 2 | perl 5 7 | swift 3 7
erlang 18 30 | elixir | haskell | .net 5 12 = dotnet | .net framework 2 4 | .net core 1 3
asp.net | c++ | visual studio | powershell 2 8 | postgresql 8 20 = postgres | mysql 5 9
mariadb 5 12 | mongodb 2 9 = mongo | redis 2 9 | sqlite 3 3 | cassandra 2 6 | elasticsearch 1 10
opensearch 1 4 | kibana 4 10 | logstash 5 10 | kafka 2 5 = apache kafka | rabbitmq 3 5 | zookeeper
oracle database | sql server | clickhouse | cockroachdb | influxdb 1 3 | couchbase | dynamodb
neo4j 3 6 | etcd 2 4 | kubernetes = k8s | kubectl | kubelet | docker
docker compose 1 3 = docker-compose | docker engine | docker desktop | containerd | podman 2 6
helm 2 4 | istio | linkerd | calico | coredns | flannel | openshift 3 5 | rancher 1 3
traefik 1 4 | nginx | apache | haproxy | envoy | caddy 1 3 | openssl 1 4 | openssh 5 11 | curl
git 1 3 | terraform | ansible 2 12 | packer | vagrant | consul | vault | nomad | puppet 3 9 | chef
jenkins 1 3 | gitlab 8 20 | argo cd | flux 1 3 | prometheus 1 4 | grafana 4 13 | alertmanager
airflow 1 4 | spark 1 5 | hadoop 1 4 | flink 1 3 | linux | linux kernel | kernel | ubuntu
debian 7 15 | centos 5 10 | rhel 5 11 = red hat enterprise linux | fedora 25 50 | alpine
amazon linux 1 3 | suse | macos 10 30 | windows 7 11 | windows server | android 4 20 | ios 6 30
ipados 13 30 | chrome 40 250 = google chrome | chromium 40 250 | firefox 40 250 | safari 6 30
microsoft edge 40 250 | opera 40 250 | selenium 2 5 | playwright | puppeteer 1 30 | cypress 3 20
glibc | gcc 4 20 | clang 3 25 | cmake | aws cli 1 3 | aws sdk 1 4 | aws cdk 1 3 = cdk
sam cli = aws-sam-cli | boto3 | azure cli 2 3 | mangum | whitenoise | vercel cli | systemd 200 300
bash 3 6 | vmware esxi | proxmox 4 10 | unity | flutter 1 4 | dart 2 4 | xcode 6 30 | salesforce
sharepoint | exchange server | active directory | sap hana | db2 | weblogic | websphere
"""

# Written like English words, so only their capital letter tells them.
CAPITAL = frozenset(
    """go node spring react express rust swift vue bun chrome safari edge opera unity flux vault
    consul chef puppet dart kernel composer spark traefik maven babel helm envoy caddy calico
    flannel jest celery pillow prisma perl""".split()
)

# Packages under other names than their products; in prose these are words.
PACKAGES = {
    "next": "next.js",
    "@angular/core": "angular",
}


def _read_rows() -> tuple[dict[str, str], dict[str, range]]:
    """Read the table: each row is a name, the range of its whole versions, and its other names after `=`."""
    names: dict[str, str] = {}
    whole: dict[str, range] = {}
    for row in _ROWS.replace("\n", "|").split("|"):
        told, _, others = row.partition("=")
        words = told.split()
        name = " ".join(word for word in words if not word.isdigit())
        bounds = [int(word) for word in words if word.isdigit()]
        if name:
            names |= dict.fromkeys([name, *filter(None, map(str.strip, others.split(",")))], name)
            whole[name] = range(bounds[0], bounds[1] + 1) if bounds else range(0)
    return names, whole


NAMES, WHOLE = _read_rows()


def is_version(product: str, version: str) -> bool:
    """Tell whether a known product has such a version: with a dot, or a whole number in its range."""
    if (product, version) in _LICENCES:
        return False
    number = version.rstrip("+").removesuffix(".x")
    if not number.isdigit():
        return True
    value = int(number)
    return value in WHOLE.get(product, ()) or (product in _BY_YEAR and 2000 <= value <= 2035)


_LICENCES = {("apache", "2.0")}
_BY_YEAR = frozenset(
    ("windows server", "sql server", "visual studio", "sharepoint", "exchange server")
)
