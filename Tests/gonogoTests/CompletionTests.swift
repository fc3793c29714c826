// SPDX-License-Identifier: Apache-2.0
import Testing

/// The scripts are taken by their shells and complete what people begin to type.
@Suite struct CompletionTests {
  @Test(arguments: [
    ("gonogo lo", "load"), ("gonogo re", "report"), ("gonogo load --ra", "--rate"), ("gonogo lint --q", "--quiet"),
    ("gonogo load --arrivals po", "poisson"), ("gonogo load --config go", "gonogo.yaml"),
    ("gonogo load go", "gonogo.yaml"), ("gonogo load --out so", "some"), ("gonogo load --rate x", ""),
    ("gonogo report so", "some"), ("gonogo zz", ""),
  ])
  func bash(line: String, expected: String) async throws {
    let scratch = try Scratch()
    try scratch.write("gonogo.yaml", "")
    try scratch.write("some/file", "")
    let script = """
      set -u
      source <('\(Child.tool)' completions bash)
      COMP_WORDS=(\(line)); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )); COMPREPLY=()
      _gonogo
      echo "${COMPREPLY[@]:-}"
      """
    let ended = try await run("bash", ["-c", script], in: scratch)
    #expect(ended.code == 0, "\(ended)")
    #expect(ended.out == expected + "\n", "\(ended)")
  }

  @Test(arguments: ["bash", "zsh", "fish"].filter { Child.find($0) != nil })
  func isTakenBy(shell: String) async throws {
    let scratch = try Scratch()
    let ended = try await gonogo(["completions", shell], in: scratch)
    #expect(ended.code == 0)
    let file = try scratch.write("script", ended.out)
    let check = try await run(shell, ["-n", file], in: scratch)
    #expect(check.code == 0 && check.err.isEmpty, "\(check)")
  }

  @Test(arguments: ["zsh", "fish"])
  func knowsEveryCommand(shell: String) async throws {
    let scratch = try Scratch()
    let ended = try await gonogo(["completions", shell], in: scratch)
    for word in ["load", "lint", "report", "schema", "threshold", "max-in-flight"] {
      #expect(ended.out.contains(word), "\(word)")
    }
  }
}
