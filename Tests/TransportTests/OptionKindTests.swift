// SPDX-License-Identifier: Apache-2.0
import CLibcurl
import Testing
import Transport

/// A variadic call with the wrong kind of argument is undefined behaviour that no compiler sees: libcurl itself is asked
/// what each option takes.
@Suite struct OptionKindTests {
  private func kind(_ id: CURLoption) throws -> curl_easytype {
    try #require(curl_easy_option_by_id(id), "option \(id.rawValue) is unknown to libcurl").pointee.type
  }

  @Test(arguments: LongOption.allCases) func longs(_ option: LongOption) throws {
    let kind = try kind(option.id)
    #expect(kind == CURLOT_LONG || kind == CURLOT_VALUES)
  }

  @Test(arguments: OffsetOption.allCases) func offsets(_ option: OffsetOption) throws {
    #expect(try kind(option.id) == CURLOT_OFF_T)
  }

  @Test(arguments: StringOption.allCases) func strings(_ option: StringOption) throws {
    #expect(try kind(option.id) == CURLOT_STRING)
  }

  @Test(arguments: ListOption.allCases) func lists(_ option: ListOption) throws {
    #expect(try kind(option.id) == CURLOT_SLIST)
  }

  @Test(arguments: ObjectOption.allCases) func objects(_ option: ObjectOption) throws {
    let kind = try kind(option.id)
    // POSTFIELDS is listed as an object; PRIVATE and the like too.
    #expect(kind == CURLOT_OBJECT || kind == CURLOT_CBPTR)
  }

  @Test(arguments: ContextOption.allCases) func contexts(_ option: ContextOption) throws {
    #expect(try kind(option.id) == CURLOT_CBPTR)
  }

  @Test(arguments: CallbackOption.allCases) func callbacks(_ option: CallbackOption) throws {
    #expect(try kind(option.id) == CURLOT_FUNCTION)
  }
}
