CREATE TABLE `earlier_words` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`vote` integer NOT NULL,
	`number` integer NOT NULL,
	`rationale` text,
	`rewrite` text,
	FOREIGN KEY (`vote`) REFERENCES `judgements`(`seq`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `earlier_words_vote` ON `earlier_words` (`vote`);--> statement-breakpoint
CREATE TRIGGER `judgements_text_changed` AFTER UPDATE OF `rationale`, `rewrite` ON `judgements` BEGIN
	DELETE FROM `vote_texts` WHERE `rowid` = OLD.`seq`;
	INSERT INTO `vote_texts` (`rowid`, `reason`, `rewrite`) VALUES (NEW.`seq`, NEW.`rationale`, NEW.`rewrite`);
END;
