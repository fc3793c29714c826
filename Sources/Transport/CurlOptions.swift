// SPDX-License-Identifier: Apache-2.0
package import CLibcurl

// Every option this room sets, by the wrapper it goes through. Options are set in no other way, and a test compares each
// one's kind in libcurl with the list it stands in: a wrong kind is undefined behaviour in a variadic call.

/// Options through the `long` wrapper.
package enum LongOption: CaseIterable {
  case bufferSize, connectTimeout, dnsCacheTimeout, forbidReuse, freshConnect, get, httpVersion, ipResolve, noBody
  case noSignal, pipeWait, post, sslSessionCache, suppressConnectHeaders, noDelay, timeout, verifyHost, verifyPeer
  case proxyVerifyHost, proxyVerifyPeer, netrc, pathAsIs

  package var id: CURLoption {
    switch self {
    case .bufferSize: CURLOPT_BUFFERSIZE
    case .connectTimeout: CURLOPT_CONNECTTIMEOUT_MS
    case .dnsCacheTimeout: CURLOPT_DNS_CACHE_TIMEOUT
    case .forbidReuse: CURLOPT_FORBID_REUSE
    case .freshConnect: CURLOPT_FRESH_CONNECT
    case .get: CURLOPT_HTTPGET
    case .httpVersion: CURLOPT_HTTP_VERSION
    case .ipResolve: CURLOPT_IPRESOLVE
    case .noBody: CURLOPT_NOBODY
    case .noSignal: CURLOPT_NOSIGNAL
    case .pipeWait: CURLOPT_PIPEWAIT
    case .post: CURLOPT_POST
    case .sslSessionCache: CURLOPT_SSL_SESSIONID_CACHE
    case .suppressConnectHeaders: CURLOPT_SUPPRESS_CONNECT_HEADERS
    case .noDelay: CURLOPT_TCP_NODELAY
    case .timeout: CURLOPT_TIMEOUT_MS
    case .verifyHost: CURLOPT_SSL_VERIFYHOST
    case .verifyPeer: CURLOPT_SSL_VERIFYPEER
    case .proxyVerifyHost: CURLOPT_PROXY_SSL_VERIFYHOST
    case .proxyVerifyPeer: CURLOPT_PROXY_SSL_VERIFYPEER
    case .netrc: CURLOPT_NETRC
    case .pathAsIs: CURLOPT_PATH_AS_IS
    }
  }
}

/// Options through the `curl_off_t` wrapper.
package enum OffsetOption: CaseIterable {
  case postFieldSize

  package var id: CURLoption { CURLOPT_POSTFIELDSIZE_LARGE }
}

/// Options through the string wrapper; libcurl copies the text.
package enum StringOption: CaseIterable {
  case acceptEncoding, authorityFile, authorityPath, certificate, cookieFile, cookieList, customRequest, key, noProxy
  case protocols, proxy, proxyAuthorityFile, proxyAuthorityPath, unixSocket, url

  package var id: CURLoption {
    switch self {
    case .acceptEncoding: CURLOPT_ACCEPT_ENCODING
    case .authorityFile: CURLOPT_CAINFO
    case .authorityPath: CURLOPT_CAPATH
    case .certificate: CURLOPT_SSLCERT
    case .cookieFile: CURLOPT_COOKIEFILE
    case .cookieList: CURLOPT_COOKIELIST
    case .customRequest: CURLOPT_CUSTOMREQUEST
    case .key: CURLOPT_SSLKEY
    case .noProxy: CURLOPT_NOPROXY
    case .protocols: CURLOPT_PROTOCOLS_STR
    case .proxy: CURLOPT_PROXY
    case .proxyAuthorityFile: CURLOPT_PROXY_CAINFO
    case .proxyAuthorityPath: CURLOPT_PROXY_CAPATH
    case .unixSocket: CURLOPT_UNIX_SOCKET_PATH
    case .url: CURLOPT_URL
    }
  }
}

/// Options through the list wrapper; libcurl keeps the pointer.
package enum ListOption: CaseIterable {
  case headers, resolve

  package var id: CURLoption {
    switch self {
    case .headers: CURLOPT_HTTPHEADER
    case .resolve: CURLOPT_RESOLVE
    }
  }
}

/// Options through the object wrapper; libcurl keeps the pointer.
package enum ObjectOption: CaseIterable {
  case errorBuffer, owner, postFields, share

  package var id: CURLoption {
    switch self {
    case .errorBuffer: CURLOPT_ERRORBUFFER
    case .owner: CURLOPT_PRIVATE
    case .postFields: CURLOPT_POSTFIELDS
    case .share: CURLOPT_SHARE
    }
  }
}

/// Callback contexts, through the context wrapper.
package enum ContextOption: CaseIterable {
  case body, header, openSocket, closeSocket, beforeRequest

  package var id: CURLoption {
    switch self {
    case .body: CURLOPT_WRITEDATA
    case .header: CURLOPT_HEADERDATA
    case .openSocket: CURLOPT_OPENSOCKETDATA
    case .closeSocket: CURLOPT_CLOSESOCKETDATA
    case .beforeRequest: CURLOPT_PREREQDATA
    }
  }
}

/// Callbacks, each through the wrapper of its signature.
package enum CallbackOption: CaseIterable {
  case body, header, openSocket, closeSocket, beforeRequest

  package var id: CURLoption {
    switch self {
    case .body: CURLOPT_WRITEFUNCTION
    case .header: CURLOPT_HEADERFUNCTION
    case .openSocket: CURLOPT_OPENSOCKETFUNCTION
    case .closeSocket: CURLOPT_CLOSESOCKETFUNCTION
    case .beforeRequest: CURLOPT_PREREQFUNCTION
    }
  }
}
