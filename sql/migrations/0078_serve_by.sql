-- Until when a notice that asks for an answer may be served, so that whoever gets it has the days that the law wants (SSI
-- 2016/357 regs 6 to 8). Of those issued before it is not known, and nothing is said of them.
set local role assetd_owner;
set local search_path = assetd, public;

alter table notice add column serve_by_on date;
