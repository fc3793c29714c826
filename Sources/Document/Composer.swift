// SPDX-License-Identifier: Apache-2.0

/// Parses the one document of a file into nodes. Nil, with the reason reported, when there is none to speak of; a node
/// beside errors when reading on makes sense (a duplicate key), so that all mistakes come at once.
package func parse(_ source: Source, _ diagnostics: inout Diagnostics, limits: Limits = Limits()) -> Node? {
  guard checkBytes(of: source, &diagnostics, limits: limits) else { return nil }
  let base = source.lineStarts[0]
  return source.bytes.withUnsafeBufferPointer { bytes in
    var reader = EventReader(UnsafeBufferPointer(rebasing: bytes[base...]), base: base)
    var composer = Composer(source: source, limits: limits)
    var found = Diagnostics()
    do throws(SyntaxProblem) {
      let root = try composer.compose(&reader, &found)
      diagnostics.append(found)
      return root
    } catch {
      // What was found before may only have come of the same slip.
      diagnostics.syntaxError(error, in: source)
      return nil
    }
  }
}

/// Events to nodes, without recursion: depth is a limit, not the stack's business.
private struct Composer {
  private struct Frame {
    var isMapping: Bool
    var start: Int
    var anchor: String?
    var items: [Node] = []
    var entries: [(key: Node, value: Node)] = []
    var key: Node?
    var isKeyBroken = false
    var lines: [String: Int] = [:]
    var size = 1
    var height = 1
  }

  let source: Source
  let limits: Limits
  private var frames: [Frame] = []
  private var anchors: [String: Node] = [:]
  private var openAnchors: Set<String> = []
  private var nodes = 0
  private var root: Node?
  private var isOverLimit = false

  init(source: Source, limits: Limits) {
    self.source = source
    self.limits = limits
  }

  mutating func compose(
    _ reader: inout EventReader, _ diagnostics: inout Diagnostics
  ) throws(SyntaxProblem) -> Node? {
    var documents = 0
    while !isOverLimit {
      let event = try reader.next()
      switch event.kind {
      case .streamEnd:
        if root == nil, diagnostics.isEmpty { diagnostics.error(at: place(source.lineStarts[0]), "the file is empty") }
        return root
      case .documentStart:
        documents += 1
        if documents > 1 {
          diagnostics.error(
            at: place(event.start), length: 3, "a second document begins here; only one is read from a file",
            hint: "put it in a file of its own")
          return nil
        }
      case .documentEnd, .ignored: break
      case .scalar, .alias: add(leaf(event, &diagnostics), &diagnostics)
      case .sequenceStart, .mappingStart: open(event, &diagnostics)
      case .sequenceEnd, .mappingEnd: close(event, &diagnostics)
      }
    }
    return nil
  }

  private func place(_ offset: Int) -> Position { Position(source: source, offset: offset) }

  // MARK: leaves

  private mutating func leaf(_ event: Event, _ diagnostics: inout Diagnostics) -> Node {
    switch event.kind {
    case .alias(let name): return alias(name, event, &diagnostics)
    case .scalar(let text, let style):
      count(1, at: event.start, &diagnostics)
      let isString = checkTag(event, &diagnostics)
      let node = Node(
        kind: .scalar(text, isPlain: style == .plain && !isString), position: place(contentStart(event)),
        end: event.end, style: style)
      if let anchor = event.anchor { anchors[anchor] = node }
      return node
    default: preconditionFailure("not a leaf")
    }
  }

  /// libyaml begins a node at its anchor or tag; messages point at what follows.
  private func contentStart(_ event: Event) -> Int {
    var index = event.start
    let bytes = source.bytes
    while index < event.end, bytes[index] == UInt8(ascii: "&") || bytes[index] == UInt8(ascii: "!") {
      guard event.anchor != nil || event.tag != nil else { break }
      while index < event.end, bytes[index] > 0x20 { index += 1 }
      while index < event.end, bytes[index] <= 0x20 { index += 1 }
    }
    return index
  }

  private mutating func alias(_ name: String, _ event: Event, _ diagnostics: inout Diagnostics) -> Node {
    if let node = anchors[name] {
      count(node.size, at: event.start, &diagnostics)
      return node
    }
    let text = source.text(event.start..<event.end)
    if openAnchors.contains(name) {
      diagnostics.error(
        at: place(event.start), length: event.end - event.start, "the alias `*\(name)` stands inside what it refers to")
    } else {
      let candidates = diagnostics.isFull || anchors.count > 200 ? [] : anchors.keys.sorted()
      let near = nearest(to: name, among: candidates).map { "did you mean `*\($0)`? " } ?? ""
      diagnostics.error(
        at: place(event.start), length: event.end - event.start, "there is no anchor `&\(name)` above this alias",
        hint: "\(near)`*` begins an alias; if text was meant, quote this: \"\(text)\"")
    }
    return Node(kind: .scalar(text, isPlain: false), position: place(event.start), end: event.end)
  }

  /// Whether the tag makes it a string; other tags are mistakes.
  private func checkTag(_ event: Event, _ diagnostics: inout Diagnostics) -> Bool {
    guard let tag = event.tag, tag != "!" else { return event.tag == "!" }
    let standard = "tag:yaml.org,2002:"
    if tag == standard + "str" { return true }
    var shown = event.start
    if source.bytes[shown] != UInt8(ascii: "!") {
      while shown < event.end, source.bytes[shown] != UInt8(ascii: "!") { shown += 1 }
    }
    var end = shown
    while end < event.end, source.bytes[end] > 0x20 { end += 1 }
    diagnostics.error(
      at: place(shown), length: end - shown, "tags such as `\(excerpt(source.text(shown..<end)))` are not used here",
      hint: "quote a text that begins with `!`")
    return false
  }

  // MARK: collections

  private mutating func open(_ event: Event, _ diagnostics: inout Diagnostics) {
    count(1, at: event.start, &diagnostics)
    _ = checkTag(event, &diagnostics)
    var isMapping = false
    if case .mappingStart = event.kind { isMapping = true }
    if let anchor = event.anchor {
      anchors[anchor] = nil
      openAnchors.insert(anchor)
    }
    frames.append(Frame(isMapping: isMapping, start: contentStart(event), anchor: event.anchor))
    if frames.count > limits.depth { tooDeep(at: frames[frames.count - 1].start, &diagnostics) }
  }

  private mutating func close(_ event: Event, _ diagnostics: inout Diagnostics) {
    var frame = frames.removeLast()
    // A block collection's end is where the next thing begins; only a flow collection's own bracket is of use.
    if frame.isMapping { merge(&frame, &diagnostics) }
    let node = Node(
      kind: frame.isMapping ? .mapping(frame.entries) : .sequence(frame.items), position: place(frame.start),
      end: event.end, size: frame.size, height: frame.height)
    if let anchor = frame.anchor {
      openAnchors.remove(anchor)
      anchors[anchor] = node
    }
    if frame.isKeyBroken, isTemplate(frame) {
      add(unquotedTemplate(frame, event, &diagnostics), &diagnostics)
    } else {
      add(node, &diagnostics)
    }
  }

  /// Puts a finished node where it belongs.
  private mutating func add(_ node: Node, _ diagnostics: inout Diagnostics) {
    guard !frames.isEmpty else {
      root = node
      return
    }
    let top = frames.count - 1
    frames[top].size += node.size
    // What is merged becomes part of this mapping: it goes no deeper for it.
    let isMerge = frames[top].key.map(Self.isMergeKey) ?? false
    frames[top].height = max(frames[top].height, node.height + (isMerge ? 0 : 1))
    if frames.count + node.height > limits.depth { tooDeep(at: node.position.offset, &diagnostics) }
    guard frames[top].isMapping else {
      frames[top].items.append(node)
      return
    }
    guard let key = frames[top].key else {
      addKey(node, &diagnostics)
      return
    }
    frames[top].key = nil
    let name = key.text ?? ""
    if let first = frames[top].lines[name] {
      diagnostics.error(
        at: key, "the key `\(excerpt(name))` stands here a second time", hint: "it is on line \(first) already")
    } else {
      if name != "<<" { frames[top].lines[name] = key.position.line }
      frames[top].entries.append((key, node))
    }
  }

  private mutating func addKey(_ node: Node, _ diagnostics: inout Diagnostics) {
    let top = frames.count - 1
    if node.text != nil {
      frames[top].key = node
      return
    }
    let bytes = source.bytes
    frames[top].isKeyBroken = true
    if !isTemplate(frames[top]) {
      diagnostics.error(
        at: node.position, "a key must be text, found \(node.found)",
        hint: bytes[node.position.offset] == UInt8(ascii: "[") || bytes[node.position.offset] == UInt8(ascii: "{")
          ? "quote a text that begins with `[` or `{`" : nil)
    }
    // What follows goes on as the value of a key of size 0, and both are forgotten at the end.
    frames[top].key = Node(
      kind: .scalar("\u{0}\(frames[top].entries.count)", isPlain: false), position: node.position, end: node.end,
      size: 0)
  }

  // MARK: limits

  private mutating func count(_ amount: Int, at offset: Int, _ diagnostics: inout Diagnostics) {
    nodes += amount
    guard nodes > limits.nodes, !isOverLimit else { return }
    isOverLimit = true
    diagnostics.error(at: place(offset), "the file holds more than \(limits.nodes) values, aliases expanded")
  }

  private mutating func tooDeep(at offset: Int, _ diagnostics: inout Diagnostics) {
    guard !isOverLimit else { return }
    isOverLimit = true
    diagnostics.error(at: place(offset), "lists and mappings are nested more than \(limits.depth) deep")
  }

  // MARK: templates without quotes

  private func isTemplate(_ frame: Frame) -> Bool {
    frame.start + 1 < source.bytes.count && source.bytes[frame.start] == UInt8(ascii: "{")
      && source.bytes[frame.start + 1] == UInt8(ascii: "{")
  }

  /// `{{ id }}` without quotes is YAML for a mapping whose key is a mapping. Goes on with the text that was meant.
  private func unquotedTemplate(_ frame: Frame, _ event: Event, _ diagnostics: inout Diagnostics) -> Node {
    let text = source.text(frame.start..<event.end)
    diagnostics.error(
      at: place(frame.start), length: event.end - frame.start,
      "a value that begins with `{{` must be quoted: without quotes `{` begins a mapping",
      hint: "quote this: \"\(text)\"")
    return Node(kind: .scalar(text, isPlain: false), position: place(frame.start), end: event.end)
  }

  // MARK: merge keys

  private static func isMergeKey(_ key: Node) -> Bool { key.isPlain && key.text == "<<" }

  /// `<<: *anchor` and `<<: [*a, *b]`: entries of the others that are not there yet, the first named winning.
  private mutating func merge(_ frame: inout Frame, _ diagnostics: inout Diagnostics) {
    guard frame.entries.contains(where: { Self.isMergeKey($0.key) }) else {
      if frame.isKeyBroken { frame.entries.removeAll { $0.key.size == 0 } }
      return
    }
    var own = Set(frame.entries.compactMap(\.key.text))
    var merged: [(key: Node, value: Node)] = []
    for entry in frame.entries {
      guard Self.isMergeKey(entry.key) else {
        merged.append(entry)
        continue
      }
      for other in entry.value.items ?? [entry.value] {
        guard let inherited = other.entries else {
          diagnostics.error(at: other, "`<<` merges mappings, found \(other.found)", hint: "write `<<: *name`")
          continue
        }
        for one in inherited where own.insert(one.key.text ?? "").inserted {
          count(one.key.size + one.value.size, at: entry.key.position.offset, &diagnostics)
          frame.size += one.key.size + one.value.size
          merged.append(one)
        }
      }
    }
    frame.entries = merged.filter { $0.key.size > 0 }
  }
}
