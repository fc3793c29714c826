// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Everything by which guests talk with the hotel: WhatsApp in and out, chat, and what is asked of the property
/// management system for them.
struct Channel {
  static let schema = Messages.schema + OutboxReply.schema + SenderLease.schema

  let routes: [Route]
  let outbox: Outbox
  /// Nil where there is no property management system.
  let pms: PMSClient?

  init(_ flags: Flags, reservations: Reservations, metrics: Metrics, log: Log) throws(StartError) {
    let pms =
      flags.pms == nil
      ? nil
      : try PMSClient(
        url: flags.pms ?? "", timeoutMilliseconds: flags.pmsTimeoutMilliseconds,
        openMilliseconds: flags.pmsOpenMilliseconds)
    if let pms { metrics.include { pms.metricsText } }
    let ownRates = OwnRates { try? reservations.free(tenant: $0, checkin: .today, nights: 1) }
    let concierge = Concierge(pms: pms) { ownRates.rates(tenant: $0) }
    let outbox = try Outbox(
      settings: Outbox.Settings(
        cloudAPI: flags.cloudAPI, accessToken: environment("WHATSAPP_TOKEN") ?? "demo-token",
        delayMilliseconds: flags.replyDelayMilliseconds, duplicateOneOf: flags.misbehaviour.duplicateRepliesOneOf,
        loseOneOf: flags.misbehaviour.loseRepliesOneOf),
      database: reservations.database, concierge: concierge, log: log)
    metrics.include { outbox.metricsText }
    let secrets = WebhookSecrets(
      signature: Signature(secret: environment("WHATSAPP_APP_SECRET") ?? "demo-app-secret"),
      verifyToken: environment("WHATSAPP_VERIFY_TOKEN") ?? "demo-verify-token",
      acceptsForged: flags.misbehaviour.acceptsForged)
    routes =
      webhookRoutes(
        Messages(database: reservations.database, outbox: outbox), secrets: secrets, metrics: metrics)
      + chatRoutes(concierge, metrics: metrics)
    self.outbox = outbox
    self.pms = pms
  }
}

/// The value of an environment variable, nil when it is empty or not there.
private func environment(_ name: String) -> String? {
  guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
  return value
}
