-- What is asked for in the negotiation.
local function expect(what, right) if not right then mt.echo("failed: " .. what) error(what) end end

local conn = mt.connect(socket)
expect("connect", conn ~= nil)
expect("negotiate", mt.negotiate(conn, nil, nil, nil) == nil)
for _, action in ipairs({SMFIF_ADDHDRS, SMFIF_CHGHDRS, SMFIF_CHGBODY}) do expect("action " .. action, mt.test_action(conn, action)) end
for _, action in ipairs({SMFIF_QUARANTINE, SMFIF_ADDRCPT, SMFIF_DELRCPT}) do expect("no action " .. action, not mt.test_action(conn, action)) end
for _, step in ipairs({SMFIP_NOHELO, SMFIP_NOUNKNOWN, SMFIP_NODATA, SMFIP_NR_HDR}) do expect("step " .. step, mt.test_option(conn, step)) end
for _, step in ipairs({SMFIP_NOBODY, SMFIP_NOMAIL, SMFIP_NORCPT, SMFIP_NOHDRS, SMFIP_NOEOH, SMFIP_RCPT_REJ}) do
  expect("no step " .. step, not mt.test_option(conn, step))
end
mt.disconnect(conn)
