ALTER TABLE `assignments` ADD `mirrored` integer DEFAULT false NOT NULL;--> statement-breakpoint
UPDATE `judgements` SET `extra` = 0 WHERE `mirror` = 1 OR `item_id` IN (SELECT `id` FROM `items` WHERE `gold` IS NOT NULL);--> statement-breakpoint
UPDATE `judgements` SET `extra` = 1 WHERE `kind` = 'vote'
	AND NOT EXISTS (SELECT 1 FROM `judgements` u WHERE u.`undoes` = `judgements`.`seq`)
	AND EXISTS (SELECT 1 FROM `judgements` v LEFT JOIN `judgements` u ON u.`undoes` = v.`seq`
		WHERE v.`item_id` = `judgements`.`item_id` AND v.`annotator_id` = `judgements`.`annotator_id` AND v.`mirror` = `judgements`.`mirror`
		AND v.`kind` = 'vote' AND u.`seq` IS NULL AND v.`seq` > `judgements`.`seq`);
