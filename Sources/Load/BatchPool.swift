// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Keeps emptied batches for the next hand-off.
final class BatchPool: Sendable {
  private let free = Mutex<[MeasurementBatch]>([])

  func take() -> MeasurementBatch { free.withLock { $0.popLast() } ?? MeasurementBatch() }

  func giveBack(_ batch: MeasurementBatch) {
    batch.clear()
    free.withLock { $0.append(batch) }
  }
}
