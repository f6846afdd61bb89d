-- Several messages over one connection, some of them aborted.
local function expect(what, right) if not right then mt.echo("failed: " .. what) error(what) end end

local conn = mt.connect(socket)
expect("connect", conn ~= nil)
expect("conninfo", mt.conninfo(conn, "desk.harbridge.example", "192.0.2.7") == nil)
for round = 1, 5 do
  expect("mailfrom", mt.mailfrom(conn, "<clerk@harbridge.example>") == nil)
  expect("rcptto", mt.rcptto(conn, "<jo@fencing.example>") == nil)
  expect("header", mt.header(conn, "Subject", "pass") == nil)
  expect("abort", mt.abort(conn) == nil)
  expect("mailfrom", mt.mailfrom(conn, "<clerk@harbridge.example>") == nil)
  expect("rcptto", mt.rcptto(conn, "<jo@fencing.example>") == nil)
  expect("header", mt.header(conn, "Subject", round % 2 == 0 and "hold" or "pass") == nil)
  expect("eoh", mt.eoh(conn) == nil)
  expect("body", mt.bodyrandom(conn, 100000) == nil)
  expect("eom", mt.eom(conn) == nil)
  expect("reply", mt.getreply(conn) == (round % 2 == 0 and SMFIR_DISCARD or SMFIR_CONTINUE))
end
mt.disconnect(conn)
