-- The tables of the demo's shop: every common column type, foreign keys (two of them to the same table), keys of one
-- column and of two, numbers and strings. For MariaDB 10.11; the database is made by the caller.

CREATE TABLE countries (
  code CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(60) CHARACTER SET latin1 NOT NULL,
  own_name VARCHAR(60) NOT NULL,
  currency CHAR(3) CHARACTER SET ascii NOT NULL,
  vat DECIMAL(5,3) NOT NULL,
  has_states BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (code)
) COMMENT 'ISO 3166';

CREATE TABLE customers (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  uid BINARY(16) NOT NULL,
  email VARCHAR(120) CHARACTER SET latin1 COLLATE latin1_general_ci NOT NULL,
  given_name VARCHAR(60) NOT NULL,
  family_name VARCHAR(60) NOT NULL,
  full_name VARCHAR(121) AS (CONCAT(given_name, ' ', family_name)) VIRTUAL,
  phone VARCHAR(30) CHARACTER SET ascii DEFAULT NULL,
  country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  born DATE DEFAULT NULL,
  since_year YEAR NOT NULL,
  newsletter SET('news','offers','surveys','birthday') NOT NULL DEFAULT '',
  level ENUM('guest','bronze','silver','gold','platinum') NOT NULL DEFAULT 'guest',
  flags BIT(12) NOT NULL DEFAULT b'0',
  settings JSON DEFAULT NULL,
  balance DECIMAL(12,2) NOT NULL DEFAULT 0,
  referred_by INT UNSIGNED DEFAULT NULL,
  created_at DATETIME(6) NOT NULL,
  changed_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY email (email),
  UNIQUE KEY uid (uid),
  KEY family_name (family_name, given_name),
  CONSTRAINT customers_country FOREIGN KEY (country) REFERENCES countries (code),
  CONSTRAINT customers_referred_by FOREIGN KEY (referred_by) REFERENCES customers (id) ON DELETE SET NULL
);

CREATE TABLE addresses (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  customer INT UNSIGNED NOT NULL,
  kind ENUM('home','work','other') NOT NULL DEFAULT 'home',
  street VARCHAR(100) NOT NULL,
  city VARCHAR(60) NOT NULL,
  postcode VARCHAR(12) CHARACTER SET latin1 DEFAULT NULL,
  country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  latitude DOUBLE DEFAULT NULL,
  longitude DOUBLE DEFAULT NULL,
  PRIMARY KEY (id),
  KEY customer (customer),
  CONSTRAINT addresses_customer FOREIGN KEY (customer) REFERENCES customers (id) ON DELETE CASCADE,
  CONSTRAINT addresses_country FOREIGN KEY (country) REFERENCES countries (code)
);

CREATE TABLE categories (
  id SMALLINT UNSIGNED NOT NULL AUTO_INCREMENT,
  parent SMALLINT UNSIGNED DEFAULT NULL,
  name VARCHAR(80) NOT NULL,
  position TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY name (name),
  CONSTRAINT categories_parent FOREIGN KEY (parent) REFERENCES categories (id)
);

CREATE TABLE products (
  id MEDIUMINT UNSIGNED NOT NULL AUTO_INCREMENT,
  sku VARCHAR(24) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL,
  category SMALLINT UNSIGNED NOT NULL,
  name VARCHAR(120) NOT NULL,
  description TEXT DEFAULT NULL,
  price DECIMAL(10,2) NOT NULL,
  tax DECIMAL(5,3) NOT NULL,
  gross DECIMAL(12,2) AS (ROUND(price * (1 + tax), 2)) STORED,
  weight_kg FLOAT DEFAULT NULL,
  attributes JSON DEFAULT NULL,
  released DATE DEFAULT NULL,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  changed_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  PRIMARY KEY (id),
  UNIQUE KEY sku (sku),
  KEY category (category, price),
  CONSTRAINT products_category FOREIGN KEY (category) REFERENCES categories (id),
  CONSTRAINT price_not_negative CHECK (price >= 0)
);

CREATE TABLE product_images (
  product MEDIUMINT UNSIGNED NOT NULL,
  number TINYINT NOT NULL,
  format ENUM('png','jpeg','webp') NOT NULL,
  width SMALLINT UNSIGNED NOT NULL,
  height SMALLINT UNSIGNED NOT NULL,
  checksum BINARY(16) NOT NULL,
  thumbnail BLOB NOT NULL,
  picture MEDIUMBLOB DEFAULT NULL,
  PRIMARY KEY (product, number),
  CONSTRAINT product_images_product FOREIGN KEY (product) REFERENCES products (id) ON DELETE CASCADE
);

CREATE TABLE warehouses (
  code VARCHAR(8) CHARACTER SET ascii NOT NULL,
  city VARCHAR(60) NOT NULL,
  opens TIME NOT NULL,
  clock_offset TIME(3) NOT NULL,
  docks TINYINT NOT NULL,
  PRIMARY KEY (code)
);

CREATE TABLE inventory (
  warehouse VARCHAR(8) CHARACTER SET ascii NOT NULL,
  product MEDIUMINT UNSIGNED NOT NULL,
  quantity INT NOT NULL,
  shelf CHAR(6) CHARACTER SET latin1 DEFAULT NULL,
  counted_on DATE DEFAULT NULL,
  PRIMARY KEY (warehouse, product),
  CONSTRAINT inventory_warehouse FOREIGN KEY (warehouse) REFERENCES warehouses (code),
  CONSTRAINT inventory_product FOREIGN KEY (product) REFERENCES products (id) ON DELETE CASCADE
);

CREATE TABLE orders (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  customer INT UNSIGNED NOT NULL,
  ship_to INT UNSIGNED DEFAULT NULL,
  status ENUM('new','paid','packed','shipped','returned','cancelled') NOT NULL DEFAULT 'new',
  total DECIMAL(12,2) NOT NULL,
  currency CHAR(3) CHARACTER SET ascii NOT NULL,
  exchange_rate DECIMAL(18,8) NOT NULL DEFAULT 1,
  note TINYTEXT DEFAULT NULL,
  placed_at DATETIME(3) NOT NULL,
  packing_time TIME(6) DEFAULT NULL,
  changed_at TIMESTAMP NULL DEFAULT NULL,
  PRIMARY KEY (id),
  KEY customer (customer),
  KEY placed_at (placed_at),
  CONSTRAINT orders_customer FOREIGN KEY (customer) REFERENCES customers (id),
  CONSTRAINT orders_ship_to FOREIGN KEY (ship_to) REFERENCES addresses (id) ON DELETE SET NULL
) AUTO_INCREMENT = 1000001;

CREATE TABLE order_items (
  `order` BIGINT UNSIGNED NOT NULL,
  line TINYINT UNSIGNED NOT NULL,
  product MEDIUMINT UNSIGNED NOT NULL,
  quantity SMALLINT NOT NULL,
  price DECIMAL(10,2) NOT NULL,
  amount DECIMAL(14,2) AS (price * quantity) VIRTUAL,
  PRIMARY KEY (`order`, line),
  KEY product (product),
  CONSTRAINT order_items_order FOREIGN KEY (`order`) REFERENCES orders (id) ON DELETE CASCADE,
  CONSTRAINT order_items_product FOREIGN KEY (product) REFERENCES products (id)
);

CREATE TABLE payments (
  id BIGINT NOT NULL AUTO_INCREMENT,
  `order` BIGINT UNSIGNED NOT NULL,
  method ENUM('card','transfer','invoice','voucher','cash') NOT NULL,
  amount DECIMAL(12,2) NOT NULL,
  reference VARBINARY(32) DEFAULT NULL,
  answer JSON DEFAULT NULL,
  paid_at TIMESTAMP(6) NULL DEFAULT NULL,
  PRIMARY KEY (id),
  KEY `order` (`order`),
  CONSTRAINT payments_order FOREIGN KEY (`order`) REFERENCES orders (id) ON DELETE CASCADE
);

CREATE TABLE reviews (
  product MEDIUMINT UNSIGNED NOT NULL,
  customer INT UNSIGNED NOT NULL,
  stars TINYINT NOT NULL,
  title VARCHAR(100) NOT NULL,
  body MEDIUMTEXT DEFAULT NULL,
  score DOUBLE NOT NULL,
  mood FLOAT DEFAULT NULL,
  written_at DATETIME NOT NULL,
  PRIMARY KEY (product, customer),
  KEY customer (customer),
  CONSTRAINT reviews_product FOREIGN KEY (product) REFERENCES products (id) ON DELETE CASCADE,
  CONSTRAINT reviews_customer FOREIGN KEY (customer) REFERENCES customers (id) ON DELETE CASCADE,
  CONSTRAINT stars_in_range CHECK (stars BETWEEN 1 AND 5)
);

CREATE TABLE sessions (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  customer INT UNSIGNED DEFAULT NULL,
  address VARBINARY(16) NOT NULL,
  browser VARCHAR(120) CHARACTER SET latin1 DEFAULT NULL,
  basket LONGTEXT DEFAULT NULL,
  state BLOB DEFAULT NULL,
  clicks BIGINT NOT NULL DEFAULT 0,
  started_at TIMESTAMP(3) NOT NULL,
  lasted TIME(3) DEFAULT NULL,
  PRIMARY KEY (id),
  KEY customer (customer),
  CONSTRAINT sessions_customer FOREIGN KEY (customer) REFERENCES customers (id) ON DELETE CASCADE
);
