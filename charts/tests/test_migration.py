"""The migration: a Job named after its content, alike for every tool that applies it."""

from conftest import SETS, of_kind


def job(charts, values=None, **how):
    jobs = of_kind(charts.render(values or {}, **how), "Job")
    assert len(jobs) == 1
    return jobs[0]


def image(tag):
    return {"global": {"ecustoms": {"image": {"tag": tag}}}}


def test_the_same_content_is_the_same_job(charts):
    assert job(charts)["metadata"]["name"] == job(charts, is_upgrade=True, revision=7)["metadata"]["name"]
    assert job(charts)["metadata"]["name"] == job(charts, {"gateway": {"replicas": 3}})["metadata"]["name"]


def test_another_content_is_another_job(charts):
    names = {job(charts, values)["metadata"]["name"] for values in (
        {}, image("0.1.1"), {"statistics": {"enabled": False}},
        {"global": {"ecustoms": {"postgres": {"existingSecret": "other"}}}},
        {"migration": {"resources": {"requests": {"cpu": "200m", "memory": "64Mi"}, "limits": {"memory": "512Mi"}}}},
    )}
    assert len(names) == 5


def test_it_is_no_hook_unless_asked(charts):
    assert "helm.sh/hook" not in str(job(charts)["metadata"].get("annotations"))
    hook = job(charts, SETS["hooks"])["metadata"]["annotations"]
    assert hook["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert hook["argocd.argoproj.io/hook"] == "Sync", "annotations can be overridden"


def test_it_needs_no_object_of_the_release(charts):
    spec = job(charts)["spec"]["template"]["spec"]
    assert "serviceAccountName" not in spec
    assert {next(iter(set(v) - {"name"})) for v in spec["volumes"]} == {"secret", "emptyDir"}
    assert spec["volumes"][0]["secret"]["secretName"] == "ecustoms-installation"


def test_it_migrates_what_is_installed_and_keeps_data(charts):
    args = job(charts, {"statistics": {"enabled": False}})["spec"]["template"]["spec"]["containers"][0]["args"]
    assert args == ["migrate", "declarations", "guarantees", "notifications", "references", "web-broker"]


def test_it_stays_until_the_next_so_that_nothing_is_out_of_sync(charts):
    assert "ttlSecondsAfterFinished" not in job(charts)["spec"]
    assert job(charts, SETS["hooks"])["spec"]["ttlSecondsAfterFinished"] == 600


def test_a_long_release_name_still_tells_jobs_apart(charts):
    long = "customs-of-a-country-with-a-very-long-name-indeed-so"
    first, second = (job(charts, image(tag), release=long)["metadata"]["name"] for tag in ("1", "2"))
    assert first != second and len(first) <= 63
