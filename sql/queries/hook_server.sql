-- hook_server: where the database was reached; no row over a Unix socket.
-- out: one? address text, port int
select host(inet_server_addr()) as address, inet_server_port() as port where inet_server_addr() is not null
