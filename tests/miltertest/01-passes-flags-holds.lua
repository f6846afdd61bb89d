-- A mail server of another make than Postfix: libmilter's own idea of the protocol. The filter under test accepts, marks, edits, holds or
-- defers by a word in the subject (tests/milter/miltertest_test.cpp).
local function expect(what, right) if not right then mt.echo("failed: " .. what) error(what) end end

local function message(subject)
  local conn = mt.connect(socket)
  expect("connect", conn ~= nil)
  expect("conninfo", mt.conninfo(conn, "desk.harbridge.example", "192.0.2.7") == nil)
  mt.macro(conn, SMFIC_MAIL, "i", "4QK7mZ1x", "{auth_authen}", "clerk")
  expect("mailfrom", mt.mailfrom(conn, "<clerk@harbridge.example>", "BODY=8BITMIME") == nil)
  expect("rcptto", mt.rcptto(conn, "<jo@fencing.example>") == nil)
  expect("header", mt.header(conn, "From", "clerk@harbridge.example") == nil)
  expect("header", mt.header(conn, "Beadle-Id", "forged") == nil)
  expect("header", mt.header(conn, "Subject", subject) == nil)
  expect("header", mt.header(conn, "Content-Type", "text/plain") == nil)
  expect("eoh", mt.eoh(conn) == nil)
  expect("body", mt.bodystring(conn, "Dear Jo,\r\n") == nil)
  expect("eom", mt.eom(conn) == nil)
  return conn
end

local conn = message("pass")
expect("accepted", mt.getreply(conn) == SMFIR_CONTINUE)
expect("marked", mt.eom_check(conn, MT_HDRINSERT, "Beadle-Id", " 17"))
expect("old mark deleted", mt.eom_check(conn, MT_HDRDELETE, "Beadle-Id"))
expect("body stays", not mt.eom_check(conn, MT_BODYCHANGE))
mt.disconnect(conn)

conn = message("annotate")
expect("accepted", mt.getreply(conn) == SMFIR_CONTINUE)
expect("body changed", mt.eom_check(conn, MT_BODYCHANGE, "Dear Jo,\r\n\r\nCC Councillor Jane Holt\r\n"))
expect("header changed", mt.eom_check(conn, MT_HDRCHANGE, "Content-Type", " text/plain; charset=utf-8"))
mt.disconnect(conn)

conn = message("hold")
expect("held", mt.getreply(conn) == SMFIR_DISCARD)
mt.disconnect(conn)

conn = message("later")
expect("deferred", mt.getreply(conn) == SMFIR_REPLYCODE)
mt.disconnect(conn)

conn = message("throw")
expect("deferred", mt.getreply(conn) == SMFIR_REPLYCODE)
mt.disconnect(conn)
