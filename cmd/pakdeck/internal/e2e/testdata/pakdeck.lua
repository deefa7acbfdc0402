-- Asks pakdeck whether a request may pass.

local socket = "unix@/run/pakdeck/auth.sock"

-- What pakdeck says of the key. Each replaces what the client sent.
local identity = {
    "x-pakdeck-key-id", "x-pakdeck-key-name", "x-pakdeck-user",
    "x-pakdeck-scopes", "x-pakdeck-expires-in", "x-pakdeck-rotate-by", "x-pakdeck-reason",
}

-- What a client is told that may not pass.
local told = { "www-authenticate", "retry-after", "content-type" }

-- values returns the values of a header as a list.
local function values(headers, name)
    local list = {}
    local i = 0
    while headers[name] and headers[name][i] do
        list[#list + 1] = headers[name][i]
        i = i + 1
    end
    return list
end

local function question(txn)
    local headers = txn.http:req_get_headers()
    local ask = {}
    for _, name in ipairs({ "authorization", "x-api-key", "user-agent" }) do
        local list = values(headers, name)
        if #list > 0 then
            ask[name] = list
        end
    end
    -- The address that HAProxy sees comes last; pakdeck does not believe what
    -- the client put before it.
    local hops = values(headers, "x-forwarded-for")
    hops[#hops + 1] = txn.f:src()
    ask["x-forwarded-for"] = { table.concat(hops, ", ") }
    ask["x-original-method"] = { txn.f:method() }
    ask["x-original-uri"] = { txn.f:path() }
    return ask
end

local function refuse(txn, status, answer)
    local reply = txn:reply({ status = status })
    if answer then
        for _, name in ipairs(told) do
            for _, value in ipairs(values(answer.headers, name)) do
                reply:add_header(name, value)
            end
        end
        reply:set_body(answer.body or "")
    end
    txn:done(reply)
end

local function pakdeck(txn, query)
    local url = "http://127.0.0.1/auth"
    if query ~= "-" then
        url = url .. "?" .. query
    end
    local answer = core.httpclient():get({ url = url, dst = socket, headers = question(txn), timeout = 5000 })
    if not answer or (answer.status ~= 200 and answer.status ~= 401 and answer.status ~= 403) then
        return refuse(txn, 503)
    end
    if answer.status ~= 200 then
        return refuse(txn, answer.status, answer)
    end
    for _, name in ipairs(identity) do
        txn.http:req_del_header(name)
        local value = values(answer.headers, name)[1]
        if value and value ~= "" then
            txn.http:req_add_header(name, value)
        end
    end
end

core.register_action("pakdeck", { "http-req" }, pakdeck, 1)
