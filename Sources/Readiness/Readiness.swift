// SPDX-License-Identifier: Apache-2.0
// Room: Readiness. Checklists, their rules, what people attest, and the decision: files and facts in, a decision out. It
// sends nothing and starts nothing; pages and screens are made of its values elsewhere.
