-- Wrong orders and abrupt ends cost the peer its connection, and nobody else anything.
local function expect(what, right) if not right then mt.echo("failed: " .. what) error(what) end end

local function hang_up_after(steps)
  local conn = mt.connect(socket)
  expect("connect", conn ~= nil)
  expect("conninfo", mt.conninfo(conn, "desk.harbridge.example", "192.0.2.7") == nil)
  steps(conn)
  mt.disconnect(conn, false)
end

hang_up_after(function() end)
hang_up_after(function(conn) mt.mailfrom(conn, "<clerk@harbridge.example>") end)
hang_up_after(function(conn) mt.header(conn, "Subject", "pass") end)
hang_up_after(function(conn) mt.header(conn, "Subject", "pass") mt.eoh(conn) mt.bodyrandom(conn, 200000) end)

-- A server that lets us change nothing is turned away.
local refused = mt.connect(socket)
expect("refused", mt.negotiate(refused, 6, 0, SMFIF_ADDHDRS) ~= nil)

-- A line in a header that continues nothing. Without "no reply" steps, so that the script hears of the end.
local forged = mt.connect(socket)
expect("negotiate", mt.negotiate(forged, 6, 0, SMFIF_ADDHDRS + SMFIF_CHGHDRS + SMFIF_CHGBODY) == nil)
expect("conninfo", mt.conninfo(forged, "desk.harbridge.example", "192.0.2.7") == nil)
expect("forged", mt.header(forged, "Subject", "pass\r\nBcc: ed@fencing.example") ~= nil)

local conn = mt.connect(socket)
expect("conninfo", mt.conninfo(conn, "desk.harbridge.example", "192.0.2.7") == nil)
expect("header", mt.header(conn, "Subject", "hold") == nil)
expect("eoh", mt.eoh(conn) == nil)
expect("eom", mt.eom(conn) == nil)
expect("still here", mt.getreply(conn) == SMFIR_DISCARD)
mt.disconnect(conn)
