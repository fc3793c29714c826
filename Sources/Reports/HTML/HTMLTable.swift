// SPDX-License-Identifier: Apache-2.0

/// A table that scrolls inside its own box where the window is narrow, its first column staying in sight.
package struct HTMLTable: Sendable {
  /// How a column is set.
  package enum Column: Sendable {
    case text(String)
    /// Digits, set to the right.
    case number(String)
    /// Long text that may be broken anywhere.
    case wide(String)

    fileprivate var title: String {
      switch self {
      case .text(let title), .number(let title), .wide(let title): title
      }
    }

    fileprivate var attribute: HTMLText {
      switch self {
      case .text: ""
      case .number: #" class="n""#
      case .wide: #" class="w""#
      }
    }
  }

  /// For those who cannot see where the table stands.
  package var caption: String
  package var columns: [Column]
  /// As many cells as columns; the first names the row.
  package var rows: [[HTMLText]]
  /// On a phone each row becomes a block with the columns' titles beside the cells, instead of a table that scrolls.
  package var stacks = false

  package init(caption: String, columns: [Column], rows: [[HTMLText]] = [], stacks: Bool = false) {
    self.stacks = stacks
    self.caption = caption
    self.columns = columns
    self.rows = rows
  }

  /// Nothing without rows.
  package var html: HTMLText {
    if rows.isEmpty { return .none }
    let head = columns.map { column -> HTMLText in #"<th scope="col"\#(column.attribute)>\#(column.title)</th>"# }
    let body = rows.map { row -> HTMLText in
      let cells = zip(row, columns).enumerated().map { index, cell -> HTMLText in
        index == 0
          ? #"<th scope="row"\#(cell.1.attribute)>\#(cell.0)</th>"#
          : #"<td\#(cell.1.attribute)\#(label(cell.1))>\#(cell.0)</td>"#
      }
      return "<tr>\(cells)</tr>\n"
    }
    return #"""
      <div class="\#(stacks ? "scroll stack" : "scroll")" tabindex="0" role="region" aria-label="\#(caption)"><table>
      <thead><tr>\#(head)</tr></thead>
      <tbody>
      \#(body)</tbody></table></div>

      """#
  }

  private func label(_ column: Column) -> HTMLText {
    stacks ? #" data-label="\#(column.title)""# : .none
  }
}
