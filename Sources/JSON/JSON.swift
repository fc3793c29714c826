// SPDX-License-Identifier: Apache-2.0
// Room: JSON. A scanner and paths over bytes that came from a server: no tree is built, nothing is trusted. No
// Foundation.
