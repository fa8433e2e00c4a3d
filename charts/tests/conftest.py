"""What the chart tests share: the charts packed once, rendered by real Helm, read as objects."""

import copy
import json
import pathlib
import shutil

import helm_python as helm
import pytest
import yaml

CHARTS = pathlib.Path(__file__).resolve().parent.parent
ROOT = CHARTS.parent
CORPUS = ROOT.parent / "shared" / "corpus" / "k8s-crds"
GOLDEN = CHARTS / "tests" / "golden"
SERVICES = ["gateway", "declarations", "guarantees", "references", "web-broker", "notifications", "statistics"]


class Packed:
    """The charts with their dependencies, in a folder of their own, so that the source stays as it is."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        skip = shutil.ignore_patterns("golden", "__pycache__", "*.tgz", "Chart.lock")
        shutil.copytree(CHARTS, folder, ignore=skip, dirs_exist_ok=True)
        for name in ("ecustoms-service", "ecustoms", "ecustoms-crds", "ecustoms-operator"):
            helm.dependency_update(str(folder / name))
        self.known = {}

    def path(self, chart: str) -> str:
        return str(self.folder / chart)

    def render(self, values=None, chart="ecustoms", release="customs", namespace="ec", **how):
        """The objects of a release, in the order of their templates."""
        key = json.dumps([values, chart, release, namespace, how], sort_keys=True)
        if key not in self.known:
            with helm.Chart.load(self.path(chart)) as loaded:
                texts = loaded.render(values or {}, name=release, namespace=namespace, **how)
            self.known[key] = [
                thing
                for path, text in sorted(texts.items())
                if path.endswith(".yaml")
                for thing in yaml.load_all(text, Loader=yaml.CSafeLoader)
                if thing
            ]
        return copy.deepcopy(self.known[key])


@pytest.fixture(scope="session")
def charts(tmp_path_factory) -> Packed:
    return Packed(tmp_path_factory.mktemp("charts"))


def value_sets() -> dict:
    """Every set of values that is published, by name; `default` is none at all."""
    sets = {"default": {}}
    for file in sorted(CHARTS.glob("ecustoms/values-*.yaml")):
        sets[file.stem.removeprefix("values-")] = yaml.safe_load(file.read_text())
    for file in sorted(CHARTS.glob("ecustoms/ci/*.yaml")):
        sets[file.stem] = yaml.safe_load(file.read_text())
    return sets


SETS = value_sets()


@pytest.fixture(scope="session", params=list(SETS))
def rendered(request, charts):
    """The objects of one published set of values."""
    return request.param, charts.render(SETS[request.param])


def pod_specs(objects):
    """Every pod that would run: name of its owner and its spec."""
    for thing in objects:
        label = f"{thing['kind']}/{thing['metadata']['name']}"
        if thing["kind"] == "Pod":
            yield label, thing["spec"], thing["metadata"]
        elif thing["kind"] in ("Deployment", "Job", "StatefulSet", "DaemonSet"):
            yield label, thing["spec"]["template"]["spec"], thing["spec"]["template"]["metadata"]
        elif thing["kind"] == "CronJob":
            template = thing["spec"]["jobTemplate"]["spec"]["template"]
            yield label, template["spec"], template["metadata"]


def of_kind(objects, kind):
    return [thing for thing in objects if thing["kind"] == kind]


def services(objects):
    """The Deployments of services, without what only looks on."""
    return [thing for thing in of_kind(objects, "Deployment") if not thing["metadata"]["name"].endswith("-status")]
