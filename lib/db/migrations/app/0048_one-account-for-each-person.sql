-- A person of the provider who was connected to several accounts came in to the first alone: the others lose nothing with theirs, and the log says so.
INSERT INTO `audit_entries` (`at`, `name`, `method`, `path`, `detail`, `status`)
SELECT unixepoch() * 1000, 'the workbench', 'DELETE', '/api/team/' || later.`user_id` || '/connection', 'the same person was connected to another account before', 200
FROM `credentials` later
WHERE EXISTS (SELECT 1 FROM `credentials` first WHERE first.`provider_id` = later.`provider_id` AND first.`account_id` = later.`account_id` AND first.rowid < later.rowid);--> statement-breakpoint
DELETE FROM `credentials` WHERE rowid NOT IN (SELECT min(rowid) FROM `credentials` GROUP BY `provider_id`, `account_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `credentials_person` ON `credentials` (`provider_id`,`account_id`);
