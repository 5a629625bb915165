-- Fills the shop with about @rows rows, made in the server, the same ones every time. Every "random" choice is a checksum
-- of the row's number. The caller sets @rows.

SET @customers := GREATEST(60, @rows DIV 12),
    @addresses := GREATEST(70, @rows DIV 10),
    @products := GREATEST(40, @rows DIV 40),
    @orders := GREATEST(100, @rows * 11 DIV 60),
    @reviews := GREATEST(40, @rows DIV 24),
    @sessions := GREATEST(40, @rows DIV 30),
    @first_order := 1000001;

SET NAMES utf8mb4;
SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_UNSIGNED_SUBTRACTION', timestamp = UNIX_TIMESTAMP('2026-01-01 08:00:00');

INSERT INTO countries (code, name, own_name, currency, vat, has_states) VALUES
  ('DE', 'Germany', 'Deutschland', 'EUR', 0.190, TRUE),
  ('PL', 'Poland', 'Polska', 'PLN', 0.230, FALSE),
  ('GR', 'Greece', 'Ελλάδα', 'EUR', 0.240, FALSE),
  ('UA', 'Ukraine', 'Україна', 'UAH', 0.200, FALSE),
  ('EG', 'Egypt', 'مصر', 'EGP', 0.140, FALSE),
  ('IL', 'Israel', 'ישראל', 'ILS', 0.180, FALSE),
  ('IN', 'India', 'भारत', 'INR', 0.180, TRUE),
  ('CN', 'China', '中国', 'CNY', 0.130, FALSE),
  ('JP', 'Japan', '日本', 'JPY', 0.100, FALSE),
  ('KR', 'South Korea', '대한민국', 'KRW', 0.100, FALSE),
  ('TH', 'Thailand', 'ประเทศไทย', 'THB', 0.070, FALSE),
  ('GE', 'Georgia', 'საქართველო', 'GEL', 0.180, FALSE),
  ('AT', 'Austria', 'Österreich', 'EUR', 0.200, TRUE),
  ('CI', 'Côte d''Ivoire', 'Côte d''Ivoire', 'XOF', 0.180, FALSE),
  ('IS', 'Iceland', 'Ísland', 'ISK', 0.240, FALSE),
  ('VN', 'Vietnam', 'Việt Nam', 'VND', 0.100, FALSE);

INSERT INTO warehouses (code, city, opens, clock_offset, docks) VALUES
  ('HH-1', 'Hamburg', '06:00:00', '01:00:00.000', 12),
  ('HH-2', 'Hamburg', '06:30:00', '01:00:00.000', 3),
  ('TLV', 'תל אביב', '07:00:00', '02:00:00.000', 4),
  ('PUN', 'पुणे', '08:30:00', '05:30:00.000', 9),
  ('SEL', '서울', '05:00:00', '09:00:00.000', 7),
  ('YYT', 'St. John''s', '09:00:00', '-03:30:00.000', 2);

INSERT INTO categories (id, parent, name, position)
  SELECT seq, IF(seq <= 10, NULL, 1 + (seq - 1) % 10),
         CONCAT(ELT(1 + (seq - 1) % 10, 'Books', 'Musik', 'Παιχνίδια', 'Сад', 'عطور', 'צילום', 'रसोई', '茶', '文房具', '화장품'),
                IF(seq <= 10, '', CONCAT(' / ', seq))),
         seq % 50
  FROM seq_1_to_240;

-- Three names of given and three of family for each of twelve scripts; `l` is the script.
INSERT INTO customers (id, uid, email, given_name, family_name, phone, country, born, since_year, newsletter, level, flags,
                       settings, balance, referred_by, created_at)
  SELECT seq, UNHEX(MD5(CONCAT('customer', seq))),
         CONCAT(ELT(1 + h DIV 11 % 6, 'anna', 'bo', 'chris', 'dana', 'jörg', 'zoë'), '.', seq, '@example.', ELT(1 + h % 3, 'org', 'com', 'net')),
         ELT(1 + 3 * l + h DIV 12 % 3, 'Anna', 'Jörg', 'Zoë', 'Łukasz', 'Żaneta', 'Michał', 'Ελένη', 'Γιώργος', 'Μαρία',
             'Ольга', 'Андрій', 'Їжак', 'فاطمة', 'محمد', 'ليلى', 'שרה', 'דוד', 'נועה', 'प्रिया', 'अर्जुन', 'मीरा', '伟', '芳', '娜',
             'さくら', '太郎', 'ゆうき', '민준', '서연', '지우', 'สมชาย', 'มาลี', 'นภา', 'ნინო', 'გიორგი', 'თამარ'),
         ELT(1 + 3 * l + h DIV 36 % 3, 'Müller', 'O''Brien', 'Núñez', 'Wiśniewski', 'Dąbrowska', 'Żak', 'Παπαδόπουλος', 'Αγγέλου', 'Νικολάου',
             'Шевченко', 'Бондар', 'Коваль', 'حسن', 'علي', 'إبراهيم', 'כהן', 'לוי', 'פרץ', 'शर्मा', 'पटेल', 'गुप्ता', '王', '李', '欧阳',
             '佐藤', '鈴木', '高橋', '김', '이', '박', 'ใจดี', 'ศรีสุข', 'แก้ว', 'ბერიძე', 'კაპანაძე', 'გელაშვილი'),
         IF(h % 5 = 0, NULL, CONCAT('+', 30 + l, '-', LPAD(h % 10000000, 7, '0'))),
         ELT(1 + l, 'DE', 'PL', 'GR', 'UA', 'EG', 'IL', 'IN', 'CN', 'JP', 'KR', 'TH', 'GE'),
         IF(h % 7 = 0, NULL, '1940-01-01' + INTERVAL h % 25000 DAY), 2005 + h % 20, h % 16, 1 + h DIV 5 % 5, h % 4096,
         IF(h % 4 = 0, NULL, JSON_OBJECT('theme', ELT(1 + h % 3, 'hell', 'тёмная', '自動'), 'size', h % 30, 'scale', h % 100 / 8, 'beta', h % 9 = 0)),
         (h % 2000000 - 500000) / 100, IF(seq > 20 AND h % 6 = 0, 1 + h % (seq - 1), NULL),
         '2019-01-01' + INTERVAL h % 200000000 SECOND + INTERVAL h % 1000000 MICROSECOND
  FROM (SELECT seq, h, h % 12 AS l FROM (SELECT seq, CRC32(CONCAT('customer', seq)) AS h FROM seq_1_to_1000000000 WHERE seq <= @customers) AS s) AS n;

INSERT INTO addresses (id, customer, kind, street, city, postcode, country, latitude, longitude)
  SELECT seq, IF(seq <= @customers, seq, 1 + h % @customers), 1 + h % 3,
         CONCAT(ELT(1 + h % 8, 'Königstraße', 'ul. Długa', 'Οδός Ερμού', 'вулиця Хрещатик', 'شارع التحرير', 'רחוב הרצל', '銀座', '종로'), ' ', 1 + h % 250),
         ELT(1 + h % 8, 'Düsseldorf', 'Łódź', 'Αθήνα', 'Київ', 'القاهرة', 'חיפה', '東京', '서울'),
         IF(h % 9 = 0, NULL, LPAD(h % 100000, 5, '0')), ELT(1 + h % 8, 'DE', 'PL', 'GR', 'UA', 'EG', 'IL', 'JP', 'KR'),
         IF(h % 3 = 0, NULL, h / 4294967296 * 180 - 90), IF(h % 3 = 0, NULL, SIN(seq) * 180)
  FROM (SELECT seq, CRC32(CONCAT('address', seq)) AS h FROM seq_1_to_1000000000 WHERE seq <= @addresses) AS s;

INSERT INTO products (id, sku, category, name, description, price, tax, weight_kg, attributes, released, active)
  SELECT seq, CONCAT(ELT(1 + h % 4, 'BK', 'TY', 'Ä', 'ZZ'), '-', LPAD(seq, 7, '0')), 1 + h % 240,
         CONCAT(ELT(1 + h DIV 3 % 12, 'Teekanne', 'Książka', 'Βιβλίο', 'Самовар', 'مصباح', 'מנורה', 'चायदानी', '茶壶', '急須', '찻주전자', 'กาน้ำชา', '🫖 Teapot'),
                ' ', CONV(h, 10, 36)),
         IF(h % 6 = 0, NULL, REPEAT(ELT(1 + h % 5, 'Hand-made, dishwasher safe. ', 'Ручная работа. ', '手作りの品です。', 'صناعة يدوية. ', 'Fait main 🎨. '), 1 + h DIV 7 % 12)),
         h % 100000 / 100, ELT(1 + h % 3, 0.07, 0.19, 0.2), IF(h % 10 = 0, NULL, h % 50000 / 1000),
         IF(h % 3 = 0, NULL, JSON_OBJECT('colour', ELT(1 + h % 4, 'rot', 'синий', '緑', 'أبيض'), 'sizes', JSON_ARRAY(h % 40, 1 + h % 40, 0.5), 'tags', JSON_ARRAY())),
         '2012-02-29' + INTERVAL h % 5000 DAY, h % 11 <> 0
  FROM (SELECT seq, CRC32(CONCAT('product', seq)) AS h FROM seq_1_to_1000000000 WHERE seq <= @products) AS s;

INSERT INTO product_images (product, number, format, width, height, checksum, thumbnail, picture)
  SELECT seq, n, 1 + h % 3, 100 + h % 4000, 100 + h % 3000, UNHEX(MD5(CONCAT('image', seq))),
         REPEAT(UNHEX(SHA2(CONCAT('thumbnail', seq), 256)), 4 + h % 16),
         IF(h % 3 = 0, NULL, REPEAT(UNHEX(SHA2(CONCAT('picture', seq), 512)), 10 + h % 120))
  FROM (SELECT i.seq, n.seq AS n, CRC32(CONCAT('image', n.seq, i.seq)) AS h
        FROM seq_1_to_1000000000 AS i JOIN seq_1_to_2 AS n WHERE i.seq <= @products AND CRC32(i.seq + n.seq) % 4 = 0) AS s;

INSERT INTO inventory (warehouse, product, quantity, shelf, counted_on)
  SELECT code, seq, h % 900 - 10, IF(h % 8 = 0, NULL, CONCAT(CHAR(65 + h % 26 USING latin1), LPAD(h % 1000, 3, '0'))), '2025-01-01' + INTERVAL h % 365 DAY
  FROM (SELECT code, seq, CRC32(CONCAT(code, seq)) AS h FROM warehouses JOIN seq_1_to_1000000000 WHERE seq <= @products) AS s
  WHERE h % 3 = 0;

-- An address of the same customer: the one of the customer's own number.
INSERT INTO orders (id, customer, ship_to, status, total, currency, exchange_rate, note, placed_at, packing_time, changed_at)
  SELECT @first_order - 1 + seq, 1 + h % @customers, IF(h % 13 = 0, NULL, 1 + h % @customers), 1 + h DIV 7 % 6, h % 5000000 / 100,
         ELT(1 + h % 5, 'EUR', 'EUR', 'UAH', 'JPY', 'INR'), ELT(1 + h % 5, 1, 1, 0.02070393, 0.00613497, 0.01098901),
         IF(h % 5 = 0, ELT(1 + h DIV 5 % 6, 'Bitte klingeln!', 'кофе ☕ и чай', 'أشكركم', '请放在门口', 'गेट पर', 'gift 🎁 – no receipt'), NULL),
         '2020-01-01' + INTERVAL seq * (180000000 DIV @orders) SECOND + INTERVAL h % 1000 * 1000 MICROSECOND,
         IF(h % 3 = 0, NULL, SEC_TO_TIME(h % 90000 + h % 1000000 / 1000000)),
         IF(h % 4 = 0, NULL, '2025-06-01' + INTERVAL h % 9000000 SECOND)
  FROM (SELECT seq, CRC32(CONCAT('order', seq)) AS h FROM seq_1_to_1000000000 WHERE seq <= @orders) AS s;

INSERT INTO order_items (`order`, line, product, quantity, price)
  SELECT @first_order - 1 + seq, line, 1 + h % @products, IF(h % 50 = 0, -1, 1 + h % 6), h % 90000 / 100
  FROM (SELECT o.seq, n.seq AS line, CRC32(CONCAT('item', n.seq, '/', o.seq)) AS h
        FROM seq_1_to_1000000000 AS o JOIN seq_1_to_3 AS n WHERE o.seq <= @orders AND n.seq <= 1 + CRC32(o.seq) % 3) AS s;

INSERT INTO payments (`order`, method, amount, reference, answer, paid_at)
  SELECT @first_order - 1 + seq, 1 + h % 5, h % 5000000 / 100, IF(h % 6 = 0, NULL, UNHEX(SHA1(seq))),
         IF(h % 4 = 0, NULL, JSON_OBJECT('ok', TRUE, 'code', h % 1000, 'bank', ELT(1 + h % 3, 'Sparkasse', 'Ощадбанк', '三菱'))),
         IF(h % 10 = 0, NULL, '2020-03-01' + INTERVAL h % 170000000 SECOND + INTERVAL h % 1000000 MICROSECOND)
  FROM (SELECT seq, CRC32(CONCAT('payment', seq)) AS h FROM seq_1_to_1000000000 WHERE seq <= @orders) AS s
  WHERE h % 5 <> 0;

-- Each product is reviewed by customers in a row, so that no pair comes twice.
INSERT INTO reviews (product, customer, stars, title, body, score, mood, written_at)
  SELECT 1 + seq % @products, 1 + (seq * 7 + seq DIV @products) % @customers, 1 + h % 5,
         ELT(1 + h DIV 5 % 10, 'Great', 'Größartig', 'Τέλειο', 'Отлично', 'رائع', 'מעולה', 'बढ़िया', '很好', '最高です', '최고예요 👍'),
         IF(h % 4 = 0, NULL, REPEAT(ELT(1 + h % 6, 'I would buy it again. ', 'Würde ich wieder kaufen. ', 'Купил бы снова. ', '還會再買。', 'سأشتريه مرة أخرى. ', '👩🏽‍🍳❤️ '), 1 + h DIV 9 % 15)),
         EXP(h % 40 - 20) * SIN(seq), COS(seq) * 3, '2021-05-05' + INTERVAL h % 140000000 SECOND
  FROM (SELECT seq, CRC32(CONCAT('review', seq)) AS h FROM seq_1_to_1000000000 WHERE seq <= @reviews) AS s;

-- Sorted by key: a random order would split every page.
INSERT INTO sessions (id, customer, address, browser, basket, state, clicks, started_at, lasted)
  SELECT id, IF(h % 3 = 0, NULL, 1 + h % @customers), INET6_ATON(IF(h % 2, CONCAT('2001:db8::', HEX(h % 65536)), CONCAT('192.0.2.', h % 256))),
         ELT(1 + h % 4, 'Mozilla/5.0 (X11; Linux x86_64)', 'Opera', NULL, 'Navigateur Fenêtré/1.0'),
         IF(h % 3 = 0, NULL, REPEAT(CONCAT('item ', h % 100, '; チーズ; '), h % 10)), IF(h % 5 = 0, NULL, UNHEX(MD5(h))),
         h * 1000003, '2025-12-01' + INTERVAL h % 2600000 SECOND + INTERVAL h % 1000 * 1000 MICROSECOND, SEC_TO_TIME(h % 20000 / 8)
  FROM (SELECT INSERT(INSERT(INSERT(INSERT(MD5(CONCAT('session', seq)), 21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-') AS id, CRC32(CONCAT('session', seq)) AS h
        FROM seq_1_to_1000000000 WHERE seq <= @sessions) AS s
  ORDER BY id;
