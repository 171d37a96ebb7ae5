DROP INDEX `labelled_sets_name_unique`;--> statement-breakpoint
ALTER TABLE `labelled_sets` ADD `archived_at` integer;--> statement-breakpoint
ALTER TABLE `labelled_sets` ADD `deleted_at` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `labelled_sets_name` ON `labelled_sets` (`name`) WHERE "labelled_sets"."deleted_at" IS NULL;--> statement-breakpoint
DROP INDEX `queues_name_unique`;--> statement-breakpoint
ALTER TABLE `queues` ADD `run` text;--> statement-breakpoint
ALTER TABLE `queues` ADD `archived_at` integer;--> statement-breakpoint
ALTER TABLE `queues` ADD `deleted_at` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `queues_name` ON `queues` (`name`) WHERE "queues"."deleted_at" IS NULL;--> statement-breakpoint
CREATE INDEX `items_facts` ON `items` (`id`,`source`,`writers`,length("first"),length("second"));--> statement-breakpoint
UPDATE `queues` SET `run` = substr(`name`, 5, length(`name`) - 13) WHERE `name` GLOB 'Run *: answers';--> statement-breakpoint
CREATE VIRTUAL TABLE `item_texts` USING fts5(`prompt`, `answers`, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');--> statement-breakpoint
CREATE VIRTUAL TABLE `vote_texts` USING fts5(`reason`, `rewrite`, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');--> statement-breakpoint
INSERT INTO `item_texts` (`rowid`, `prompt`, `answers`)
SELECT `id`, (SELECT group_concat(json_extract(value, '$.content'), char(10)) FROM json_each(`items`.`prompt`)), `first` || char(10) || `second` FROM `items`;--> statement-breakpoint
INSERT INTO `vote_texts` (`rowid`, `reason`, `rewrite`)
SELECT `seq`, `rationale`, `rewrite` FROM `judgements` WHERE `rationale` IS NOT NULL OR `rewrite` IS NOT NULL;--> statement-breakpoint
CREATE TRIGGER `items_text` AFTER INSERT ON `items` BEGIN
	INSERT INTO `item_texts` (`rowid`, `prompt`, `answers`)
	VALUES (NEW.`id`, (SELECT group_concat(json_extract(value, '$.content'), char(10)) FROM json_each(NEW.`prompt`)), NEW.`first` || char(10) || NEW.`second`);
END;--> statement-breakpoint
CREATE TRIGGER `judgements_text` AFTER INSERT ON `judgements` WHEN NEW.`rationale` IS NOT NULL OR NEW.`rewrite` IS NOT NULL BEGIN
	INSERT INTO `vote_texts` (`rowid`, `reason`, `rewrite`) VALUES (NEW.`seq`, NEW.`rationale`, NEW.`rewrite`);
END;
