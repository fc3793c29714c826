// SPDX-License-Identifier: Apache-2.0

func runLoad(_ arguments: Arguments) throws -> ExitCode { .pass }
