# SPDX-License-Identifier: Apache-2.0
"""validate.py SCHEMA FILE...: prints `FILE: place: complaint` for whatever a JSON Schema does not allow."""
import json
import sys

import jsonschema

with open(sys.argv[1]) as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for path in sys.argv[2:]:
    with open(path) as file:
        for error in validator.iter_errors(json.load(file)):
            print(f"{path}: {'/'.join(map(str, error.absolute_path))}: {error.message}")
