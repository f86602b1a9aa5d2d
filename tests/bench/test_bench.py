"""The inputs of the benchmark are what they say, and the benchmark works.

How many images an input has is said by its generator; the tool, which knows
nothing of that, must find as many and no trouble.
"""
import os
import subprocess
import sys
import tempfile
import unittest

import bench
import cases
import inputs
import measuring
import schemas
import table

TOOL = os.environ["IMGREWRITE"]
HERE = os.path.dirname(os.path.abspath(__file__))

INPUTS = [
    ("one Deployment", lambda made: made.deployment(), 1),
    ("a tree", lambda made: made.tree(250_000), 250),
    ("a stream", lambda made: made.stream(30_000_000, dense=False), 1),
    ("a dense stream", lambda made: made.stream(30_000_000, dense=True), 1),
    ("definitions", lambda made: made.definitions(), 20),
]


def find_images(made):
    """The images that the tool finds, which must find nothing odd."""
    done = subprocess.run([TOOL, "list", "-o", "tsv", "-q", made.path],
                          check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def read_all(made):
    texts = {}
    for file in made.files:
        with open(file, encoding="utf-8") as text:
            texts[os.path.relpath(file, made.path)] = text.read()
    return texts


class FolderTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def inputs(self, name="inputs"):
        folder = os.path.join(self.folder, name)
        os.makedirs(folder)
        return inputs.Inputs(folder, 0.001)


class InputsTest(FolderTest):
    def test_images_and_files(self):
        made = self.inputs()
        for name, make, files in INPUTS:
            with self.subTest(name):
                one = make(made)
                self.assertEqual(len(one.files), files)
                self.assertEqual(len(find_images(one)), one.images)

    def test_the_same_each_time(self):
        first, second = self.inputs("first"), self.inputs("second")
        for name, make, _ in INPUTS:
            with self.subTest(name):
                self.assertEqual(read_all(make(first)), read_all(make(second)))

    def test_size(self):
        made = self.inputs().stream(30_000_000, dense=True)
        self.assertEqual(made.size, os.path.getsize(made.path))
        self.assertGreaterEqual(made.size, 30_000)
        self.assertLess(made.size, 33_000)

    def test_definitions_speak_of_images(self):
        text = schemas.definition(1, 100_000)
        lines = [line.strip() for line in text.splitlines()]
        self.assertGreater(lines.count("image:"), 5)
        self.assertGreater(text.count("image"), 100)
        self.assertIn("quay.io/acme/operator:v1.2", text)

    def test_kustomization_has_the_files(self):
        made = self.inputs()
        built = made.kustomization(made.tree(3000))
        resources = [file for file in built.files
                     if not file.endswith("kustomization.yaml")]
        self.assertEqual(len(resources), 3)

    def test_dropped(self):
        made = self.inputs()
        made.tree(3000)
        made.drop()
        self.assertEqual(os.listdir(made.folder), [])


class MeasuringTest(FolderTest):
    def test_medians(self):
        figures = measuring.medians([(3, 1), (1, 2), (100, 9)])
        self.assertEqual(figures, measuring.Figures(3, 2, 3))

    def test_what_fails_has_no_time(self):
        with self.assertRaises(RuntimeError):
            measuring.run(measuring.Command("false", ["false"]))

    def test_runs(self):
        calls = []
        command = measuring.Command("true", ["true"],
                                    fresh=lambda: calls.append(1))
        figures = measuring.measure([command], least=2, most=4)
        self.assertEqual(figures["true"].runs, 4)
        self.assertEqual(len(calls), 4)

    def test_peak_memory(self):
        words = ["import time; text = b'x' * 50_000_000; time.sleep(0.2)"]
        peak = measuring.peak_memory(
            measuring.Command("memory", [sys.executable, "-c", *words]))
        self.assertGreater(peak, 50_000_000)
        self.assertLess(peak, 100_000_000)


class WorkedOutTest(unittest.TestCase):
    ROWS = [("in proportion", 1, 2, 10, 20),
            ("by the square", 1, 4, 10, 400),
            ("by more than the square", 1, 8, 10, 800),
            ("less than in proportion", 2, 2, 10, 20)]

    def test_growth(self):
        for name, half, whole, times, want in self.ROWS:
            with self.subTest(name):
                self.assertAlmostEqual(
                    cases.work_out(half, whole, times), want)


class TableTest(unittest.TestCase):
    def test_goals(self):
        goals = [table.at_most("a", "time", 1.5, 2),
                 table.at_least("b", "speed", 1.5, 2),
                 table.not_measured("c", "speed", "at least 2", "no peer")]
        lines = table.goals_table(goals).splitlines()
        self.assertEqual(lines[-3:], [
            "| a | time | 1.50 | at most 2 | yes |",
            "| b | speed | 1.50 | at least 2 | no |",
            "| c | speed | no peer | at least 2 | not measured |"])


class TrialTest(unittest.TestCase):
    def test_all_cases(self):
        done = subprocess.run(
            [sys.executable, os.path.join(HERE, "bench.py"), "--trial",
             "--all"], check=False, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        goals = done.stdout.split("### Goals")[1]
        self.assertGreater(goals.count("\n| "), len(bench.NAMES))
        self.assertNotIn("Left out", goals)

    def test_no_such_case(self):
        done = subprocess.run(
            [sys.executable, os.path.join(HERE, "bench.py"), "nothing"],
            check=False, capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("there is no case nothing", done.stderr)


if __name__ == "__main__":
    unittest.main()
