// SPDX-License-Identifier: Apache-2.0
// Room: Document. YAML that people write, as positioned nodes; decoding that reports every mistake at once with line,
// caret and suggestion; JSON Schema from the same description. It knows nothing of scenarios or plans.
