// SPDX-License-Identifier: Apache-2.0
// Room: Observe. The target's side of a run, seen from outside: the stand-in of WhatsApp's Cloud API that receives what
// the target sends to guests. What is seen is handed on as plain values; nothing is judged here.
