// SPDX-License-Identifier: Apache-2.0
package import Results

/// What every run folder gets beside its facts, in the order of writing; each can be made again from the folder alone.
package let derivedFiles: [DerivedFile] = [
  DerivedFile("summary.md", text: { record, _ in smokeSummary(record) }),
  DerivedFile("junit.xml", text: { record, _ in junit(record) }),
  DerivedFile("evidence.md", text: { record, _ in evidenceText(record) }),
  DerivedFile(BaselineRecord.fileName) { record, _ in try record.asBaseline.map { try Array($0.encoded()) } },
  DerivedFile(
    FileDigest.attestationName,
    text: { record, folder in attestation(record, files: try FileDigest.attested(in: folder.directory)) }),
  DerivedFile("report.html", text: { record, folder in htmlReport(record, of: folder) }),
]
